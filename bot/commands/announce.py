"""``slimgate announce``: says in the check what will be measured, while it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import Records
from bot.commands.wiring import open_client, open_records, read_environment


def announce(
    request: Annotated[Path, typer.Option(help="What slimgate admit wrote.")],
    plan: Annotated[Path, typer.Option(help="plan.json of this run.")],
    records: Records = None,
) -> int:
    """Say in the open check what will be measured and how long that took before.

    The token is read from GITHUB_TOKEN, the repository from GITHUB_REPOSITORY.

    Example: slimgate announce --request request.json --plan plan.json
    """
    from bot.plan.request import RunRequest
    from bot.plan.values import Plan
    from bot.publish.publishing import announce_run
    from core.schema import load_json

    asked, made = load_json(RunRequest, request), load_json(Plan, plan)
    if asked.number is None or asked.against is not None or made.held or not made.jobs:
        print("nothing to announce")
        return 0
    environment = read_environment()
    client, branch = open_client(environment, asked.number), open_records(records, environment)
    announce_run(asked, made, environment.run_id, client, branch)
    return 0


COMMAND = announce
