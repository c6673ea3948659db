"""Runs a plan on this machine and writes its files: plan, results, report."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import requests

from bench.execute import Setting, execute_job
from bench.job import Plan
from bench.result import Failed
from bot.report import Report
from bot.report_files import write_report
from bot.results import PROBLEM
from compress.artifacts import Workshop
from compress.errors import InputError
from compress.git import GitRepo
from compress.private_folder import private_folder
from compress.sandbox.confinement import Sandbox, open_sandbox
from compress.schema import write_json, write_text
from compress.store import Store
from compress.weights.download import CHUNK, Network
from compress.weights.published import Publisher

DOWNLOADS, TOLD_BYTES = "downloads", 2**24
HERE = "cpu"
"""What a run on one's own machine is the kind of runner."""


@dataclass(frozen=True)
class Machine:
    """Where a plan runs: the store, the data folder, and how to say what goes on; ``confined`` if
    the suite's code is not trusted; ``fetches`` if published weights may be fetched.
    """

    store: Store
    data: Path | None
    say: Callable[[str], None]
    confined: bool = False
    fetches: bool = False


def run_plan(plan: Plan, repo: GitRepo, out: Path, machine: Machine) -> Report:
    """Executes every job, writes ``plan.json``, ``results/`` and the report; returns the report.

    Each result is written as soon as it is there; what was built stays in the store, so that an
    interrupted run continues where it was.
    """
    execute_plan(plan, repo, out, machine)
    return write_report(plan, {HERE: out / "results"}, out)


def execute_plan(plan: Plan, repo: GitRepo, out: Path, machine: Machine) -> list[Failed]:
    """Executes every job; writes ``plan.json`` and ``results/``; returns what failed."""
    check_weights(plan)
    prepare_folder(out)
    write_json(out / "plan.json", plan)
    results_folder = out / "results"
    with scratch_folder() as scratch, sandbox_if(machine.confined, scratch) as sandbox:
        workshop = Workshop(
            machine.store, scratch, plan.budget.stage_timeout_s, plan.threads, sandbox
        )
        publisher = open_publisher(machine.store, machine.fetches, machine.say)
        setting = Setting(repo, workshop, machine.data, results_folder, machine.say, publisher)
        results = []
        for job in plan.jobs:
            results.append(execute_job(plan, job, setting))
            write_json(results_folder / f"{job.id}.json", results[-1])
    return [v for result in results for v in result.variants if isinstance(v, Failed)]


def open_publisher(store: Store, fetches: bool, say: Callable[[str], None]) -> Publisher:
    """Where published weights come from; they are kept beside the store's entries."""

    def progress(done: int, total: int | None) -> None:
        if done % TOLD_BYTES < CHUNK or done == total:
            of = f" of {total / 1e6:.0f}" if total else ""
            say(f"fetched {done / 1e6:.0f}{of} MB")

    network = Network(requests.Session()) if fetches else None
    return Publisher(store.root / DOWNLOADS, network, progress)


def check_weights(plan: Plan) -> None:
    """Finds missing weight files before anything is written."""
    for job in plan.jobs:
        if job.weights and job.weights.path:
            path = Path(plan.manifest).parent / job.weights.path
            if not path.is_file():
                raise InputError(
                    "the weights file does not exist",
                    file=plan.manifest,
                    key=f"models.{job.model}.weights.path",
                    given=str(path),
                    hint=f"put the file at {path}, or correct the manifest",
                )


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


def sandbox_if(wanted: bool, scratch: Path) -> AbstractContextManager[Sandbox | None]:
    """The sandbox for a run's workers, if one is wanted; raises InputError if none works here."""
    return open_sandbox(scratch) if wanted else nullcontext()


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for workers that is gone afterwards; those of killed runs go first."""
    with private_folder(Path(tempfile.gettempdir()), f"slimgate-{os.getuid()}-") as folder:
        yield folder
