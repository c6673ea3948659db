"""``slimgate announce``: says in the check what will be measured, while it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import Records
from bot.commands.publish import data_branch


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("announce")(announce)


def announce(
    request: Annotated[Path, typer.Option(help="What slimgate gate wrote.")],
    plan: Annotated[Path, typer.Option(help="plan.json of this run.")],
    records: Records = None,
) -> int:
    """Say in the open check what will be measured and how long that took before.

    The token is read from GITHUB_TOKEN, the repository from GITHUB_REPOSITORY.

    Example: slimgate announce --request request.json --plan plan.json
    """
    from bench.job import Plan
    from bot.github.client import Client
    from bot.github.environment import read_connection, read_run_id
    from bot.publishing import announce_run
    from bot.request import RunRequest
    from compress.schema import load_json

    asked, made = load_json(RunRequest, request), load_json(Plan, plan)
    if asked.number is None or asked.against is not None or made.held or not made.jobs:
        print("nothing to announce")
        return 0
    client = Client(read_connection(), asked.number)
    announce_run(asked, made, read_run_id(), client, data_branch(records))
    return 0
