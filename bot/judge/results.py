"""Loads the results of a runner; a result with any fault becomes a reason in words, never a number.

Results come from machines that ran untrusted code. A file that is missing, malformed, of another
plan, or at odds with its own statistics is unusable, and the gate never passes without it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from bench.job import Job
from bench.metrics.base import ImageStatistics
from bench.metrics.storage import load_statistics, unpacked_bytes
from bench.result import Accuracy, JobResult, Latency, Measured, NotMeasured
from bench.stats import score
from bench.variant import Variant
from bot.plan.values import Plan
from core.errors import InputError
from core.schema import load_json
from core.texts import cut_text

MAX_RESULT_BYTES, MAX_RESULT_VALUES = 16 * 2**20, 100_000
MAX_STATISTICS_BYTES = 256 * 2**20
"""What one file of statistics may unpack to."""
RESULTS_SHARED, LEAST_RESULT = 256 * 2**20, 2 * 2**20
STATISTICS_SHARED, LEAST_STATISTICS = 2 * 2**30, 128 * 2**20
"""Bytes that all cases share evenly, and how many each has in any case; of statistics, what the
files of a case unpack to together.
"""
MAX_IMAGES = 50_000
MAX_ROUNDS = 20_000
MAX_PROBLEM_BYTES = MAX_REASON = 500
FILES = (".yml", ".yaml")
"""How the name of a runtime ends that is the path of its file."""
PROBLEM = "problem.txt"
"""A file among the results that says why there are none."""
ROUNDING = 1e-9
"""By how much the same sum may differ between machines."""


@dataclass(frozen=True)
class Usable:
    """A result that belongs to the plan; ``statistics`` by variant, where accuracy was measured."""

    result: JobResult
    statistics: dict[Variant, ImageStatistics]


@dataclass(frozen=True)
class Unusable:
    """Why there is no usable result; the reason may quote untrusted text."""

    reason: str


Loaded = Usable | Unusable
ByRunner = Mapping[str, Mapping[str, Loaded]]
"""Results by kind of runner, then by job."""


def load_results(plan: Plan, folder: Path, runners: int = 1) -> Mapping[str, Loaded]:
    """One entry for each job of the plan; other files in the folder are ignored. ``runners``: how
    many kinds of runners have such a folder.
    """
    return ResultFolder(plan, folder, max(1, len(plan.jobs) * runners))


@dataclass(frozen=True)
class ResultFolder(Mapping[str, Loaded]):
    """The results of a runner by job, loaded anew each time, so that those of one case at a time
    are in memory. ``cases`` share what may be loaded.
    """

    plan: Plan
    folder: Path
    cases: int

    @cached_property
    def _jobs(self) -> dict[str, Job]:
        return {job.id: job for job in self.plan.jobs}

    def __getitem__(self, name: str) -> Loaded:
        return _load(self.plan, self._jobs[name], self.folder, self.cases)

    def __iter__(self) -> Iterator[str]:
        return iter(self._jobs)

    def __len__(self) -> int:
        return len(self._jobs)


def share(total: int, least: int, cases: int) -> int:
    """What one of the cases may take of a total, and at least in any case."""
    return max(least, total // cases)


def _load(plan: Plan, job: Job, folder: Path, cases: int) -> Loaded:
    path = folder / f"{job.id}.json"
    if not os.path.lexists(path):
        return Unusable(f"no result arrived{complaint(folder)}")
    try:
        limit = share(RESULTS_SHARED, LEAST_RESULT, cases)
        require_regular(path, min(MAX_RESULT_BYTES, limit))
        result = load_json(JobResult, path, MAX_RESULT_VALUES)
        for problem in _problems(plan, job, result):
            return _unusable(problem)
        _require_share(result, folder, share(STATISTICS_SHARED, LEAST_STATISTICS, cases))
        return Usable(result, dict(_statistics(result, folder)))
    except InputError as error:
        return _unusable(error.message + (f" ({error.key})" if error.key else ""))
    except Exception as error:  # noqa: BLE001  hostile bytes may break any parser below
        return _unusable(f"the result cannot be read: {type(error).__name__}: {str(error)[:200]}")


def _unusable(reason: str) -> Unusable:
    """The reason, cut: it may quote a name of megabytes, and every format of the report has it."""
    return Unusable(cut_text(reason, MAX_REASON))


def _require_share(result: JobResult, folder: Path, limit: int) -> None:
    """Raises InputError if the statistics of a case unpack to more than its share."""
    total = 0
    for variant in result.variants:
        if isinstance(variant, Measured) and isinstance(variant.accuracy, Accuracy):
            total += unpacked_bytes(
                _statistics_file(str(variant.variant), variant.accuracy, folder)
            )
            if total > limit:
                raise InputError(f"the statistics of this case are larger than {limit >> 20} MiB")


def _statistics_file(name: str, accuracy: Accuracy, folder: Path) -> Path:
    """A regular file of bounded size within the results; raises InputError for any other."""
    path = folder / accuracy.statistics
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{name}: the statistics lie outside the results")
    require_regular(path, MAX_STATISTICS_BYTES)
    return path


def require_regular(path: Path, limit: int) -> None:
    """Raises InputError for anything but a regular file of at most ``limit`` bytes."""
    try:
        status = path.lstat()
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path.name} is not a regular file")
    if status.st_size > limit:
        raise InputError(f"{path.name} is larger than {limit >> 20} MiB")


def complaint(folder: Path) -> str:
    """What the runner says stopped it; untrusted."""
    file = folder / PROBLEM
    if not file.is_file() or file.is_symlink():
        return ""
    with file.open("rb") as stream:
        said = stream.read(MAX_PROBLEM_BYTES).decode("utf-8", "replace")
    return f"; the runner said: {' '.join(said.split())}"


def _problems(plan: Plan, job: Job, result: JobResult) -> Iterator[str]:
    """Reasons why a well-formed result does not belong to this job of the plan."""
    if (result.job, result.base, result.head) != (job.id, plan.base, plan.head):
        yield f"this is the result of {result.job} for {result.base[:12]}..{result.head[:12]}"
    if plan.runtimes is not None:
        base, head = (Path(n).stem if n.endswith(FILES) else n for n in plan.runtimes)
        if result.runtimes != {"base": base, "head": head}:
            yield f"this was not measured in the runtimes {base} and {head}"
    variants = [variant.variant for variant in result.variants]
    if len(variants) != len(set(variants)):
        yield "the result names a variant twice"
    unplanned = set(variants) - set(job.variants())
    if unplanned:
        names = ", ".join(map(str, sorted(unplanned)))
        yield f"the result names variants that were not planned: {names}"
    measured = {str(v.variant): v for v in result.variants if isinstance(v, Measured)}
    for name, variant in measured.items():
        latency = variant.latency
        if isinstance(latency, Latency) and len(latency.rounds_ms) > MAX_ROUNDS:
            yield f"{name}: more than {MAX_ROUNDS} rounds"
    yield from _false_copies(measured)
    scored = [v for v in measured.values() if isinstance(v.accuracy, Accuracy)]
    yield from _impossible_accuracies(job, result, len(scored))


def _false_copies(measured: Mapping[str, Measured]) -> Iterator[str]:
    """Variants that do not share the measurements of another, as they say."""
    for name, variant in measured.items():
        original = measured.get(variant.same_as or name)
        if original is None or original.artifact.content_hash != variant.artifact.content_hash:
            yield f"{name}: not the same model as {variant.same_as}"
        elif variant.same_as is not None and original.same_as is not None:
            yield f"{name}: the same as {variant.same_as}, which was not measured itself"
        elif _measurements(original) != _measurements(variant):
            yield f"{name}: the same as {variant.same_as}, with other measurements"


def _impossible_accuracies(job: Job, result: JobResult, scored: int) -> Iterator[str]:
    """Contradictions of the number of accuracies to what the models are made from."""
    made_from = (result.weights, result.data)
    if scored and job.weights is None:
        yield "the result has an accuracy, and the plan no trained weights"
    if scored == len([*job.variants()]) and made_from != ("trained", "suite"):
        yield f"every variant has an accuracy, of {result.weights} weights on {result.data} data"


def _measurements(variant: Measured) -> tuple[object, ...]:
    """What variants with equal models share; each says itself why it was not scored."""
    accuracy = None if isinstance(variant.accuracy, NotMeasured) else variant.accuracy
    return variant.target_name, accuracy, variant.latency, variant.proof


def _statistics(result: JobResult, folder: Path) -> Iterator[tuple[Variant, ImageStatistics]]:
    """Per-image statistics by variant; raises InputError if the result is at odds with them."""
    for variant in result.variants:
        if isinstance(variant, Measured) and isinstance(variant.accuracy, Accuracy):
            checked = _checked_statistics(str(variant.variant), variant.accuracy, folder)
            yield variant.variant, checked


def _checked_statistics(name: str, accuracy: Accuracy, folder: Path) -> ImageStatistics:
    path = _statistics_file(name, accuracy, folder)
    if unpacked_bytes(path) > MAX_STATISTICS_BYTES:
        limit = MAX_STATISTICS_BYTES >> 20
        raise InputError(f"{name}: the statistics are larger than {limit} MiB")
    if accuracy.images > MAX_IMAGES:
        raise InputError(f"{name}: more than {MAX_IMAGES} images")
    statistics = load_statistics(path)
    if (accuracy.metric, accuracy.images) != (statistics.metric, statistics.images):
        claim = f"{accuracy.images} images of {accuracy.metric}"
        raise InputError(f"{name}: the result claims {claim}, its statistics have others")
    claimed = accuracy.value, accuracy.chance
    computed = score(statistics), statistics.chance()
    if not np.allclose(claimed, computed, rtol=0, atol=ROUNDING):
        raise InputError(f"{name}: the claimed accuracy is not that of its statistics")
    return statistics
