"""What is kept in the data branch from run to run: accepted regressions, and numbers by case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bench.job import Plan
from bot.acceptance import FILE, Acceptance, new_acceptances, parse_acceptances
from bot.data_branch import DataBranch
from bot.history import HistoryLine, history_file, history_line, parse_history
from bot.report import Report
from bot.request import RunRequest


def keep_acceptances(branch: DataBranch, asked: RunRequest, plan: Plan) -> list[Acceptance]:
    """Adds what the request accepts to the record; returns all of this pull request."""
    if asked.number is None:
        return []
    new = [one.model_dump_json(by_alias=True) for one in new_acceptances(asked, plan)]
    if new:
        branch.append({FILE: new}, f"Accept for pull request {asked.number}")
    return parse_acceptances(branch.read(FILE)[FILE], asked.number)


def keep_history(branch: DataBranch, report: Report, run_id: int, now: datetime) -> None:
    """Adds a line for each case that was measured, once for each run."""
    lines = {
        history_file(case.id): [line.model_dump_json(by_alias=True)]
        for case in report.cases
        if (line := history_line(case, report, run_id, now)) is not None
    }
    there = branch.read(*lines)
    new = {f: kept for f, kept in lines.items() if run_id not in _runs(there[f])}
    if new:
        branch.append(new, f"Results of {report.head[:12]}")


def read_history(branch: DataBranch, report: Report) -> dict[str, list[HistoryLine]]:
    """What is known of the report's cases, by case."""
    files = {case.id: history_file(case.id) for case in report.cases}
    there = branch.read(*files.values())
    return {case: parse_history(there[file]) for case, file in files.items()}


def _runs(lines: Iterable[str]) -> set[int]:
    return {line.run_id for line in parse_history(lines)}
