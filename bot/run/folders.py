"""The folders that a run writes to: made, emptied or refused."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.judge.results import PROBLEM
from core.errors import InputError
from core.schema import write_text


def prepare_folder(out: Path) -> None:
    """Makes ``out``, and empties its ``results`` of an earlier run."""
    if out.exists() and not out.is_dir():
        raise InputError(f"not a folder: {out}", key="--out", hint="name a folder")
    if out.is_dir() and any(out.iterdir()) and not (out / "plan.json").exists():
        raise InputError(
            f"{out} holds other files",
            key="--out",
            hint="name an empty folder, or one of an earlier run",
        )
    out.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(out / "results", ignore_errors=True)
    for name in ("report.json", "report.md", "report.html"):
        (out / name).unlink(missing_ok=True)
    (out / "results").mkdir()


def leave_problem(out: Path, text: str) -> None:
    """Says among the results why there are none; nothing in a folder that is not a run's."""
    if not out.exists() or (out.is_dir() and (out / "results").is_dir()):
        write_text(out / "results" / PROBLEM, text)


def prepare_empty(out: Path) -> None:
    """Makes ``out``; raises InputError if anything lies there."""
    require_empty(out)
    out.mkdir(parents=True, exist_ok=True)


def require_empty(out: Path) -> None:
    """Raises InputError if anything lies at ``out``."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out} is not an empty folder", key="--out", hint="name another folder")


def data_folder(given: Path | None, usual: Path) -> Path | None:
    """Where data sets lie, None if there are none; raises InputError for a wrong --data."""
    if given is not None and not given.is_dir():
        raise InputError(f"no such folder: {given}", key="--data", hint="name the data folder")
    folder = given or usual
    return folder.resolve() if folder.is_dir() else None
