"""Keeps accepted regressions and the numbers of each case in the data branch."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from bot.judge.acceptance import FILE, Acceptance, new_acceptances
from bot.plan.request import RunRequest
from bot.plan.values import Plan
from bot.records.data_branch import DataBranch
from bot.records.history import HistoryLine, history_file, history_line
from bot.report.report import Report
from core.schema import dump_json


def keep_acceptances(
    branch: DataBranch, request: RunRequest, plan: Plan, regressed: Collection[str]
) -> list[Acceptance]:
    """Records what the request accepts of the cases that regressed; returns all acceptances of its
    pull request. In the merge queue those of every pull request hold: each is bound to the content
    of its case.
    """
    if request.number is None and request.origin != "queue":
        return []
    new = [dump_json(line) for line in new_acceptances(request, plan, regressed)]
    if new:
        branch.append({FILE: new}, f"Accept for pull request {request.number}")
    recorded = branch.read(Acceptance, FILE)[FILE]
    return [item for item in recorded if request.number is None or item.number == request.number]


def keep_history(
    branch: DataBranch,
    report: Report,
    run_id: int,
    now: datetime,
    merged_as: str | None = None,
) -> None:
    """Adds a line for each case that was measured, once for each run. The results of a pull
    request's head are recorded for the commit ``merged_as``.
    """
    lines: dict[str, list[str]] = {}
    for case in report.cases:
        line = history_line(case, merged_as or report.head, report.budget, run_id, now)
        if line is not None:
            lines.setdefault(history_file(case.id), []).append(dump_json(line))
    recorded = branch.read(HistoryLine, *lines)
    runs = {file: {line.run_id for line in past} for file, past in recorded.items()}
    new = {file: rows for file, rows in lines.items() if run_id not in runs[file]}
    if new:
        branch.append(new, f"Results of {report.head[:12]}")


def read_history(branch: DataBranch, cases: Iterable[str]) -> dict[str, list[HistoryLine]]:
    """The recorded lines of each case."""
    files = {case: history_file(case) for case in cases}
    recorded = branch.read(HistoryLine, *files.values())
    return {case: recorded[file] for case, file in files.items()}
