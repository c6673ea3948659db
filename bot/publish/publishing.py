"""Publishes the files of a workflow run: loads, judges, writes the report, updates GitHub."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.github.client import Client
from bot.github.errors import GitHubError
from bot.judge.assemble import unplanned_report
from bot.judge.report_files import regressed_cases, write_files, write_report
from bot.plan.request import RunRequest
from bot.plan.values import Plan
from bot.publish.announcement import Histories, announcement, decide_announcement
from bot.publish.check import within_limits
from bot.publish.converge import converge
from bot.publish.publication import Origin, publish_comparison, publish_report
from bot.publish.shared_commit import with_other_uses
from bot.records.data_branch import DataBranch
from bot.records.keep import keep_acceptances, read_history
from bot.records.trend import render_trends
from bot.report.report import Report
from core.errors import InputError
from core.files import is_file
from core.schema import load_json
from core.store import hash_file

MAX_PROBLEM_CHARACTERS = 2000


@dataclass(frozen=True)
class RunFiles:
    """The files that the jobs of a run left. ``plan`` may be missing, and ``problem`` then says
    why; ``results`` holds a folder ``results-KIND`` for each kind of runner; ``plan_sha256`` is
    the hash of the plan when it was made.
    """

    plan: Path
    results: Path
    plan_sha256: str | None = None
    problem: Path | None = None


def judge_run(request: RunRequest, files: RunFiles, out: Path, branch: DataBranch | None) -> Report:
    """Writes the report to ``out`` and returns it; raises InputError for a plan that does not
    belong to the request.
    """
    results = {kind: files.results / f"results-{kind}" for kind in request.runners}
    if not files.plan.exists():
        return write_files(_without_plan(request, files), results, out)
    plan = load_plan(request, files.plan, files.plan_sha256)
    regressed = regressed_cases(plan, results) if branch and request.accepted else set()
    acceptances = keep_acceptances(branch, request, plan, regressed) if branch else []
    return write_report(plan, results, out, acceptances, request.left_out)


def publish_run(
    request: RunRequest, report: Report, origin: Origin, client: Client, branch: DataBranch | None
) -> None:
    """Publishes a pull request's comment and check; a comparison gets a comment of its own only."""
    if request.compares is not None:
        publish_comparison(report, request.compares, origin, client)
    else:
        trend = render_trends(_histories(branch, [case.id for case in report.cases]))
        publish_report(with_other_uses(report, request.number, client), origin, client, trend)


def _histories(branch: DataBranch | None, cases: Sequence[str]) -> Histories:
    """What the data branch records of each case; nothing, with a warning, if it cannot be read:
    the verdict does not wait for it.
    """
    try:
        return read_history(branch, cases) if branch else {}
    except GitHubError as error:
        if branch:
            branch.warn(f"the history is left out: {error}")
        return {}


def announce_run(
    request: RunRequest, plan: Plan, run_id: int, client: Client, branch: DataBranch | None
) -> None:
    """Writes into the run's open check what the plan will measure."""
    histories = _histories(branch, [job.id for job in plan.jobs])
    text = within_limits(announcement(request, plan, histories))
    converge(
        lambda: client.checks(request.head),
        lambda checks: decide_announcement(text, run_id, checks),
        client,
    )


def _without_plan(request: RunRequest, files: RunFiles) -> Report:
    """The report that says why there is no plan: one with a hash was made and got lost."""
    if files.plan_sha256 is not None:
        problem = "It was made and could not be downloaded. Run again."
        return unplanned_report(request, problem, "The plan is missing.")
    return unplanned_report(request, _read_problem(files.problem))


def _read_problem(problem: Path | None) -> str:
    """The error that planning ended with; it quotes the change and is untrusted."""
    if problem is None or not is_file(problem):
        return "the plan job gave no reason; see its log"
    with problem.open(encoding="utf-8", errors="replace") as stream:
        return stream.read(MAX_PROBLEM_CHARACTERS)


def load_plan(request: RunRequest, file: Path, sha256: str | None) -> Plan:
    """The plan that was made for the request, with the hash ``sha256`` unless that is None; raises
    InputError for any other.
    """
    _require_hash(file, sha256)
    plan = load_json(Plan, file)
    _require_same_head(request, plan, file)
    return plan


def _require_hash(file: Path, sha256: str | None) -> None:
    if sha256 is not None and hash_file(file) != sha256:
        raise InputError(
            "this is not the plan that the plan job made: its hash differs",
            file=str(file),
            key="--plan-sha256",
            hint="check what the runner did, then start a new run",
        )


def _require_same_head(request: RunRequest, plan: Plan, file: Path) -> None:
    if plan.head != request.head:
        raise InputError(
            f"this is a plan for {plan.head[:12]}, but the request is for {request.head[:12]}",
            file=str(file),
            key="head",
            hint="pass the plan that was made from this request",
        )
