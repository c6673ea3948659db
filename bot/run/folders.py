"""The folders that a run reads and writes: created, emptied or refused."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from bot.judge.results import PROBLEM
from compress.tracked_links import refuse_tracked_links
from core.errors import InputError
from core.files import is_file, is_folder
from core.git import GitRepo
from core.schema import write_text

PLAN, PLAN_AT = b'"slimgate.plan/', 100
"""How a plan begins: with its schema, among so many bytes."""


def prepare_folder(out: Path) -> None:
    """Creates ``out`` and removes results and reports of an earlier run; raises InputError if it
    holds anything else.
    """
    if out.exists() and not out.is_dir():
        raise InputError(f"not a folder: {out}", key="--out", hint="name a folder, or a new path")
    if out.is_dir() and any(out.iterdir()) and not _is_ours(out):
        raise InputError(
            f"{out} holds other files",
            key="--out",
            hint="name an empty folder, or one of an earlier run",
        )
    out.mkdir(parents=True, exist_ok=True)
    _remove_results(out / "results")
    for name in ("report.json", "report.md", "report.html"):
        (out / name).unlink(missing_ok=True)
    (out / "results").mkdir()


def _remove_results(folder: Path) -> None:
    """Removes the folder; raises InputError if anything stays, or if it is none."""
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.lexists(folder):
        raise InputError(
            "the results of an earlier run cannot be removed", file=str(folder), hint="move it away"
        )


def _is_ours(out: Path) -> bool:
    """Whether an earlier run left the folder: its plan, or the problem that stopped it. Other
    programs write a plan.json, too, beside results of theirs.
    """
    left = [path.relative_to(out).as_posix() for path in sorted(out.rglob("*"))[:3]]
    return _is_plan(out / "plan.json") or left == ["results", f"results/{PROBLEM}"]


def _is_plan(file: Path) -> bool:
    """Whether slimgate wrote the file, of whatever version."""
    if not is_file(file):
        return False
    with file.open("rb") as stream:
        return PLAN in stream.read(PLAN_AT)


def leave_problem(out: Path, text: str) -> None:
    """Writes into the results why there are none, unless ``out`` is not the folder of a run."""
    if not out.exists() or (out.is_dir() and (out / "results").is_dir()):
        write_text(out / "results" / PROBLEM, text)


def prepare_empty(out: Path) -> None:
    """Creates ``out``; raises InputError if it is a file or a folder that is not empty."""
    require_empty(out)
    out.mkdir(parents=True, exist_ok=True)


def require_empty(out: Path) -> None:
    """Raises InputError if ``out`` is a file or a folder that is not empty."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(
            f"{out} is not an empty folder", key="--out", hint="name an empty or a new folder"
        )


def data_folder(option: Path | None, repo: GitRepo, name: str) -> Path | None:
    """The folder with the data sets, absolute; None if there is none. ``option`` is the value of
    ``--data``, ``name`` the suite's own folder in the checkout. Raises InputError if the option is
    not a folder, or if a link leads out of the folder that git tracks.
    """
    if option is not None and not is_folder(option):
        hint = "name the folder with the data sets, or leave the option out"
        raise InputError(f"no such folder: {option}", key="--data", hint=hint)
    folder = option or repo.path / name
    refuse_tracked_links(repo, folder)
    return folder.resolve() if is_folder(folder) else None
