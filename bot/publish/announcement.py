"""The text of the check after planning: the cases to measure, and how long they may take."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence

from bench.job import Job
from bot.github.actions import Action, UpdateCheck
from bot.github.values import Check, CheckText
from bot.plan.request import RunRequest
from bot.plan.values import REQUESTED, Plan
from bot.publish.check import newest_check, run_of
from bot.records.history import HistoryLine
from bot.text.escape import code

MAX_CASES, MAX_FILES = 50, 3
MAX_BYTES = 60_000
"""Below GitHub's limit on the summary of a check, 65,535."""
RECENT = 5
"""The expected duration is the median of this many last runs."""

Histories = Mapping[str, Sequence[HistoryLine]]


def decide_announcement(text: CheckText, run_id: int, checks: Sequence[Check]) -> list[Action]:
    """Changes our check if it is in progress and belongs to this run; any other check is newer."""
    check = newest_check(checks)
    if check is None or check.conclusion is not None or run_of(check) != run_id:
        return []
    if (check.title, check.summary) == (text.title, text.summary):
        return []
    return [UpdateCheck(check.id, text, check.external_id)]


def announcement(request: RunRequest, plan: Plan, histories: Histories) -> CheckText:
    """Every case with the files through which it is affected and the duration of earlier runs."""
    spans = {
        kind: [expected_s(histories.get(job.id, ()), kind, plan.budget_name) for job in plan.jobs]
        for kind in request.runners
    }
    count = "1 case" if len(plan.jobs) == 1 else f"{len(plan.jobs)} cases"
    title = f"Measuring {count} on {', '.join(request.runners)}"
    totals = [f"{kind}: {_total(durations)}" for kind, durations in spans.items()]
    lines = _that_fit(_line(job, index, spans) for index, job in enumerate(plan.jobs[:MAX_CASES]))
    more = len(plan.jobs) - len(lines)
    lines += [f"- …and {more} more"] if more > 0 else []
    summary = "\n".join([f"Expected duration, from earlier runs: {'; '.join(totals)}.", "", *lines])
    return CheckText(None, title, summary)


def _that_fit(lines: Iterable[str]) -> list[str]:
    """The first lines, up to ``MAX_BYTES`` together."""
    fitting: list[str] = []
    room = MAX_BYTES
    for line in lines:
        room -= len(line.encode()) + 1
        if room < 0:
            break
        fitting.append(line)
    return fitting


def expected_s(lines: Sequence[HistoryLine], runner: str, budget: str) -> float | None:
    """Median duration of a case's last runs on this kind of runner with this budget, in seconds;
    None without any.
    """
    durations = [
        line.duration_s for line in lines if (line.runner, line.budget) == (runner, budget)
    ]
    return statistics.median(durations[-RECENT:]) if durations else None


def _line(job: Job, index: int, spans: Mapping[str, Sequence[float | None]]) -> str:
    durations = [times[index] for times in spans.values()]
    longest = max((seconds for seconds in durations if seconds is not None), default=None)
    span = f", {in_words(longest)}" if longest is not None else ""
    if job.because == (REQUESTED,):
        return f"- {code(job.id)} on request{span}"
    more = len(job.because) - MAX_FILES
    files = [code(file) for file in job.because[:MAX_FILES]]
    through = ", ".join([*files, *([f"{more} more"] if more > 0 else [])])
    return f"- {code(job.id)} through {through}{span}"


def _total(durations: Sequence[float | None]) -> str:
    past = [seconds for seconds in durations if seconds is not None]
    if not past:
        return "not known yet"
    unknown = len(durations) - len(past)
    rest = f", and {unknown} not known" if unknown else ""
    return f"{in_words(sum(past))}{rest}"


def in_words(seconds: float) -> str:
    """A duration in words, such as ``about 12 min``."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    return f"about {minutes} min" if minutes < 120 else f"about {minutes / 60:.0f} h"
