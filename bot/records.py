"""What is kept in the data branch from run to run: accepted regressions, and numbers by case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pydantic import Field

from bench.job import Plan
from bench.stats import Interval
from bot.acceptance import FILE, Acceptance, new_acceptances, parse_acceptances
from bot.data_branch import DataBranch
from bot.render.table import find_variant
from bot.report import CaseReport, Report
from bot.request import RunRequest
from compress.schema import StrictModel, parse_lines


class HistoryLine(StrictModel):
    """One case on one machine at one commit of the default branch. Accuracy in points, latency in
    milliseconds, size in bytes; None where nothing was measured.
    """

    schema_: Literal["slimgate.history/1"] = Field("slimgate.history/1", alias="schema")
    run_id: int
    commit: str
    date: datetime
    case: str
    machine: str
    budget: str
    metric: str | None
    fp32_points: Interval | None
    compressed_points: Interval | None
    fp32_ms: Interval
    compressed_ms: Interval
    fp32_bytes: int
    compressed_bytes: int
    duration_s: float


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


def history_file(case: str) -> str:
    """Where the lines of a case are."""
    return f"history/{case}.jsonl"


def history_line(
    case: CaseReport, report: Report, run_id: int, now: datetime
) -> HistoryLine | None:
    """The case's numbers on head; None if one of its variants is missing."""
    before, after = find_variant(case, "head fp32"), find_variant(case, f"head {case.recipe}")
    if before is None or after is None or case.machine is None:
        return None
    return HistoryLine(
        run_id=run_id,
        commit=report.head,
        date=now,
        case=case.id,
        machine=case.machine,
        budget=report.budget,
        metric=after.metric,
        fp32_points=before.accuracy_points,
        compressed_points=after.accuracy_points,
        fp32_ms=before.latency_ms,
        compressed_ms=after.latency_ms,
        fp32_bytes=before.size_bytes,
        compressed_bytes=after.size_bytes,
        duration_s=sum(case.stage_s.values()),
    )


def parse_history(lines: Iterable[str]) -> list[HistoryLine]:
    """The lines that this version understands, in order."""
    return parse_lines(HistoryLine, lines)
