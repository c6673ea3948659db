"""The numbers of a case at one commit of the default branch: a line of its history."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from bench.stats import Interval
from bot.report.report import CaseReport
from core.quantities import RunId, SomeBytes, TotalS
from core.schema import StrictModel


class HistoryLine(StrictModel):
    """One case on one machine at one commit of the default branch. Accuracy in points, latency in
    milliseconds, size in bytes, duration of the whole job in seconds; None for what was not
    measured.
    """

    schema_: Literal["slimgate.history/1"] = Field("slimgate.history/1", alias="schema")
    run_id: RunId
    commit: str
    date: datetime
    case: str
    runner: str
    machine: str
    budget: str
    metric: str | None
    fp32_points: Interval | None
    compressed_points: Interval | None
    fp32_ms: Interval
    compressed_ms: Interval
    fp32_bytes: SomeBytes
    compressed_bytes: SomeBytes
    duration_s: TotalS


def history_file(case: str) -> str:
    """The file in the data branch that holds the lines of a case."""
    return f"history/{case}.jsonl"


def history_line(
    case: CaseReport, commit: str, budget: str, run_id: int, now: datetime
) -> HistoryLine | None:
    """The head's numbers of a case, recorded for ``commit``; None if a variant or its latency is
    missing.
    """
    before, after = case.before, case.after
    if before is None or after is None or case.machine is None:
        return None
    if before.latency_ms is None or after.latency_ms is None:
        return None
    return HistoryLine(
        run_id=run_id,
        commit=commit,
        date=now,
        case=case.id,
        runner=case.runner,
        machine=case.machine,
        budget=budget,
        metric=after.metric,
        fp32_points=before.accuracy_points,
        compressed_points=after.accuracy_points,
        fp32_ms=before.latency_ms,
        compressed_ms=after.latency_ms,
        fp32_bytes=before.size_bytes,
        compressed_bytes=after.size_bytes,
        duration_s=sum(case.stage_s.values()),
    )
