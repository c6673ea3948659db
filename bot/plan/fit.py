"""Keeps a plan within what its readers take. Pure.

Every job holds the resolved configs of both sides, and every affected config its reasons, so that
one large file from which many configs inherit is written many times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bench.candidate import Candidate
from bench.job import Job
from bot.plan.values import Affected, Plan, Skipped
from core.errors import InputError, shorten
from core.schema import MAX_JSON_BYTES, StrictModel, dump_json

JOBS_BYTES = 32 * 2**20
"""Of all jobs: a job of the suites' own configs has less than 100 kB."""
CANDIDATES_BYTES = 12 * 2**20
"""Of all candidates: 400 configs of PaddleDetection have a quarter of it."""
DETAILS_BYTES = 8 * 2**20
"""Of the reasons and keys of affected configs: 800 configs of PaddleDetection have less than one
tenth of it."""
MAX_CODE, MAX_WORD = 200, 500
"""Changed files of code that are listed, and the characters of an unknown word."""


def fit_jobs(
    outcomes: Iterable[Job | Skipped], max_jobs: int
) -> tuple[tuple[Job, ...], tuple[Skipped, ...]]:
    """Jobs and skipped cases. A job beyond the manifest's maximum or beyond the plan's room, or
    with a name that another job has, is skipped too, but the gate must not pass without it.
    """
    jobs: dict[str, Job] = {}
    skipped: list[Skipped] = []
    room = JOBS_BYTES
    for outcome in outcomes:
        if isinstance(outcome, Skipped):
            skipped.append(outcome)
        elif len(jobs) >= max_jobs:
            reason = f"more than {max_jobs} jobs; choose models with --models"
            skipped.append(Skipped(case=outcome.id, reason=reason, needed=True))
        elif outcome.id in jobs:
            reason = f"{outcome.config_file}: another config has the same name"
            skipped.append(Skipped(case=outcome.id, reason=reason, needed=True))
        elif written_bytes(outcome) > room:
            reason = (
                f"the configs of all jobs have more than {JOBS_BYTES >> 20} MiB; make them "
                "smaller, or choose models with --models"
            )
            skipped.append(Skipped(case=outcome.id, reason=reason, needed=True))
        else:
            jobs[outcome.id] = outcome
            room -= written_bytes(outcome)
    return tuple(jobs.values()), tuple(skipped)


def fit_candidates(
    candidates: Iterable[Candidate],
) -> tuple[tuple[Candidate, ...], tuple[Skipped, ...]]:
    """Candidates up to the plan's room, and a row for each of the others."""
    kept: list[Candidate] = []
    skipped: list[Skipped] = []
    room = CANDIDATES_BYTES
    for candidate in candidates:
        room -= written_bytes(candidate)
        if room >= 0:
            kept.append(candidate)
        else:
            reason = "its program is not compared: the configs before it leave no room in the plan"
            skipped.append(Skipped(config=candidate.config_file, reason=reason, needed=True))
    return tuple(kept), tuple(skipped)


def fit_details(affected: Iterable[Affected]) -> Iterator[Affected]:
    """The affected configs; beyond the room for details, their reasons and keys are counted."""
    room = DETAILS_BYTES
    for item in affected:
        room -= written_bytes(item)
        yield item if room >= 0 else _without_details(item)


def fit_plan(plan: Plan) -> Plan:
    """The plan with lists that a reader takes; raises InputError if it is too large nevertheless,
    as with ten thousands of long names.
    """
    words = tuple(shorten(word, MAX_WORD) for word in plan.unknown_words)
    lists = {"code_changes": plan.code_changes[:MAX_CODE], "unknown_words": words}
    fitted = plan.model_copy(update=lists)
    size = written_bytes(fitted)
    if size > MAX_JSON_BYTES:
        raise InputError(
            f"the plan has {size >> 20} MiB; at most {MAX_JSON_BYTES >> 20} MiB are read",
            hint="change fewer files at a time",
        )
    return fitted


def written_bytes(value: StrictModel) -> int:
    """At least the bytes that a part of a plan takes in its file, two levels further in."""
    text = dump_json(value, indent=1)
    return len(text.encode(errors="replace")) + 2 * text.count("\n") + 4


def _without_details(item: Affected) -> Affected:
    reasons, keys = len(item.reasons) + item.more_reasons, len(item.keys) + item.more_keys
    counts = {"more_reasons": reasons, "more_keys": keys}
    return item.model_copy(update={"reasons": (), "keys": (), "changes": (), **counts})
