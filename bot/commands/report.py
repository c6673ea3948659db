"""``slimgate report``: judge and render from files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import Out


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("report")(report)


def report(
    plan: Annotated[Path, typer.Option(help="plan.json of a run.")],
    results: Annotated[Path, typer.Option(help="Folder with one result per job.")],
    out: Out,
) -> int:
    """Judge and render again from a plan and its results; nothing is measured.

    Example: slimgate report --plan out/plan.json --results out/results --out again
    """
    from bench.job import Plan
    from bot.pipeline import HERE
    from bot.progress import stdout_console
    from bot.render.terminal import print_report
    from bot.report_files import write_report
    from compress.errors import InputError
    from compress.schema import load_json

    loaded = load_json(Plan, plan)
    if not results.is_dir():
        raise InputError(
            f"no such folder: {results}", key="--results", hint="name the results folder of a run"
        )
    made = write_report(loaded, {HERE: results}, out)
    print_report(made, stdout_console())
    return made.exit_code
