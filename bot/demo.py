"""Plays sample pull requests on the example suites, for ``slimgate demo``."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.cases import Request
from bot.pipeline import Machine, run_plan
from bot.plan import make_plan
from bot.report import Report
from compress.artifacts import default_threads
from compress.git import open_repo
from compress.installation import shipped
from compress.manifest import bundled_suites, load_manifest
from compress.store import Store, default_root
from examples.make_data import make_dataset
from examples.scenarios import DEMOS, DemoSuite, Scenario, SuiteName

IDENTITY = {
    "GIT_AUTHOR_NAME": "slimgate demo",
    "GIT_AUTHOR_EMAIL": "demo@example.invalid",
    "GIT_COMMITTER_NAME": "slimgate demo",
    "GIT_COMMITTER_EMAIL": "demo@example.invalid",
    "GIT_AUTHOR_DATE": "2024-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2024-01-01T00:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


@dataclass(frozen=True)
class Played:
    """How one scenario ended."""

    suite: SuiteName
    scenario: Scenario
    report: Report
    folder: Path

    @property
    def as_expected(self) -> bool:
        return self.report.exit_code == self.scenario.exit_code


def play_suite(
    name: SuiteName, out: Path, store: Store | None, say: Callable[[str], None]
) -> list[Played]:
    """Plays every scenario of one example suite; reports go to ``out/NAME/SCENARIO``."""
    demo = DEMOS[name]
    data = (default_root().parent / "data" / demo.manifest).resolve()
    say(f"{demo.manifest}: data set")
    make_dataset(name, data / "shapes")
    repo = make_repository(demo, out / name / "suite")
    machine = Machine(store or Store(default_root()), data, say)
    return [_play(name, demo, scenario, repo, out / name, machine) for scenario in demo.scenarios]


def _play(
    name: SuiteName, demo: DemoSuite, scenario: Scenario, repo: Path, out: Path, machine: Machine
) -> Played:
    manifest_path = bundled_suites()[demo.manifest]
    opened = open_repo(repo)
    plan = make_plan(
        opened,
        opened.resolve("main"),
        opened.resolve(scenario.name),
        load_manifest(manifest_path),
        manifest_path,
        Request(),
        default_threads(),
    ).model_copy(update={"data": str(machine.data)})
    folder = out / scenario.name
    return Played(name, scenario, run_plan(plan, opened, folder, machine), folder)


def make_repository(demo: DemoSuite, folder: Path) -> Path:
    """A repository with the example suite on ``main`` and each scenario on a branch of its name.

    Commit names are the same every time, since authors and dates are fixed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    source = shipped("examples") / demo.folder
    for part in ("configs", "deploy"):
        shutil.copytree(source / part, folder / part)
    _git(folder, "init", "-q", "-b", "main")
    _commit(folder, f"Example suite: {demo.folder}")
    for scenario in demo.scenarios:
        _git(folder, "checkout", "-q", "-b", scenario.name, "main")
        for edit in scenario.edits:
            path = folder / edit.file
            text = path.read_text()
            if edit.old not in text:
                raise ValueError(f"{edit.file} does not hold {edit.old!r}")
            path.write_text(text.replace(edit.old, edit.new))
        _commit(folder, f"Change: {scenario.story}")
    _git(folder, "checkout", "-q", "main")
    return folder


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", message)


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-C", str(folder), *arguments], check=True, env={**os.environ, **IDENTITY}
    )
