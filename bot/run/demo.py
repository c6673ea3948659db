"""Plays sample pull requests on the example suites, for ``slimgate demo``."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.plan.cases import Request
from bot.plan.make import make_plan
from bot.report.report import Report
from bot.run.execute import run_plan
from compress.manifest import bundled_suites, load_manifest
from compress.workshop import Workshop
from core.git import open_repo, run_git
from core.installation import shipped
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


def play_suite(name: SuiteName, out: Path, data_root: Path, workshop: Workshop) -> list[Played]:
    """Plays every scenario of one example suite. Its data set is made below ``data_root``; reports
    are written to ``out/NAME/SCENARIO``.
    """
    demo = DEMOS[name]
    data = data_root / demo.manifest
    workshop.say(f"{demo.manifest}: making the data set")
    make_dataset(name, data / "shapes")
    repo = make_repository(demo, out / name / "suite")
    return [
        _play(name, demo, scenario, repo, out / name, data, workshop) for scenario in demo.scenarios
    ]


def _play(
    name: SuiteName,
    demo: DemoSuite,
    scenario: Scenario,
    repo: Path,
    out: Path,
    data: Path,
    workshop: Workshop,
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
        workshop.threads,
    ).model_copy(update={"data": str(data)})
    folder = out / scenario.name
    return Played(name, scenario, run_plan(plan, opened, folder, data, workshop), folder)


def make_repository(demo: DemoSuite, folder: Path) -> Path:
    """Makes a repository with the example suite on ``main`` and each scenario on a branch of its
    name. Authors and dates are fixed, so that commits have the same names every time.
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
                raise ValueError(f"{edit.file} does not contain {edit.old!r}")
            path.write_text(text.replace(edit.old, edit.new))
        _commit(folder, f"Change: {scenario.story}")
    _git(folder, "checkout", "-q", "main")
    return folder


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", message)


def _git(folder: Path, *arguments: str) -> None:
    process = run_git(folder, *arguments, environment=IDENTITY)
    if process.returncode:
        raise RuntimeError(f"git {arguments[0]} failed: {process.stderr.decode()}")
