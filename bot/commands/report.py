"""``slimgate report``: judges stored results again and renders the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import Out


def report(
    plan: Annotated[Path, typer.Option(help="Plan file (plan.json) of an earlier run.")],
    results: Annotated[
        Path, typer.Option(help="Folder results of that run, with one file JOB.json per job.")
    ],
    out: Out,
) -> int:
    """Judge the results of an earlier run again and render the report; nothing is measured.

    Exit code: 0 gate passed, 1 accuracy regressed, 2 bad input, 3 incomplete.

    Example: slimgate report --plan out/plan.json --results out/results --out again
    """
    from bot.judge.report_files import write_report
    from bot.plan.values import Plan
    from bot.report.terminal import print_report
    from bot.run.kinds import HERE
    from bot.text.progress import stdout_console
    from core.errors import InputError
    from core.files import is_folder
    from core.schema import load_json

    loaded = load_json(Plan, plan)
    if not is_folder(results):
        raise InputError(
            f"no such folder: {results}", key="--results", hint="name the results folder of a run"
        )
    judged = write_report(loaded, {HERE: results}, out)
    print_report(judged, stdout_console())
    return judged.exit_code


COMMAND = report
