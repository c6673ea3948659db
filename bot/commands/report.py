"""``slimgate report``: judges stored results again and renders the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import Out


def report(
    plan: Annotated[Path, typer.Option(help="Plan file (plan.json) of an earlier run.")],
    results: Annotated[
        list[str],
        typer.Option(
            help="Folder results of that run, with one file JOB.json per job; for several kinds of "
            "runners KIND=FOLDER, repeatable."
        ),
    ],
    out: Out,
) -> int:
    """Judge the results of an earlier run again and render the report; nothing is measured.

    Exit code: 0 gate passed, 1 accuracy regressed, 2 bad input, 3 incomplete.

    Example: slimgate report --plan out/plan.json --results out/results --out again

    Example: slimgate report --plan plan.json --results cpu=cpu --results gpu=gpu --out again
    """
    from bot.judge.report_files import write_report
    from bot.plan.values import Plan
    from bot.report.terminal import print_report
    from bot.run.kinds import find_kind
    from bot.text.progress import stdout_console
    from core.schema import load_json

    loaded = load_json(Plan, plan)
    folders = _by_kind(results)
    for kind in folders:
        find_kind(loaded.runners, kind, loaded.manifest)
    judged = write_report(loaded, folders, out)
    print_report(judged, stdout_console())
    return judged.exit_code


def _by_kind(results: list[str]) -> dict[str, Path]:
    """The folders by kind of runner; raises InputError for a folder that does not exist, a kind
    that is named twice, or several folders without kinds.
    """
    from bot.run.kinds import HERE
    from core.errors import InputError
    from core.files import is_folder

    folders: dict[str, Path] = {}
    for text in results:
        kind, named, folder = text.partition("=")
        kind, folder = (kind, folder) if named and not is_folder(Path(text)) else (HERE, text)
        if kind in folders:
            raise InputError(
                f"two folders for the kind of runner {kind!r}",
                key="--results",
                given=text,
                hint="give KIND=FOLDER for each kind",
            )
        if not is_folder(Path(folder)):
            raise InputError(
                f"no such folder: {folder}",
                key="--results",
                given=text,
                hint="name the results folder of a run",
            )
        folders[kind] = Path(folder)
    return folders


COMMAND = report
