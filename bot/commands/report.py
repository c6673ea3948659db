"""``slimgate report``: judge and render from files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import Out


def report(
    plan: Annotated[Path, typer.Option(help="plan.json of a run.")],
    results: Annotated[Path, typer.Option(help="Folder with one result per job.")],
    out: Out,
) -> int:
    """Judge and render again from a plan and its results; nothing is measured.

    Example: slimgate report --plan out/plan.json --results out/results --out again
    """
    from bot.judge.report_files import write_report
    from bot.plan.values import Plan
    from bot.report.terminal import print_report
    from bot.run.execute import HERE
    from bot.text.progress import stdout_console
    from core.errors import InputError
    from core.schema import load_json

    loaded = load_json(Plan, plan)
    if not results.is_dir():
        raise InputError(
            f"no such folder: {results}", key="--results", hint="name the results folder of a run"
        )
    made = write_report(loaded, {HERE: results}, out)
    print_report(made, stdout_console())
    return made.exit_code


COMMAND = report
