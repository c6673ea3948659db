"""Takes latency samples in rounds, in which all variants take turns, until medians are precise."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.stats import median_interval
from core.errors import JobFailure

WARMUP_RUNS, MIN_RUNS, MIN_ROUNDS = 10, 100, 8
TURN_MS = 60.0
NARROW = 0.01
"""Sampling may stop once every median is precise to ±1 %."""

TimeRuns = Callable[[int], list[float]]
"""Runs a model the given number of times; returns milliseconds of each run; raises JobFailure."""


class RunFailure(Exception):
    """The failure of a model in its turn, with the model's name."""

    def __init__(self, name: str, failure: JobFailure) -> None:
        super().__init__(f"{name}: {failure}")
        self.name, self.failure = name, failure


@dataclass(frozen=True)
class Patience:
    """How long to sample, in seconds: until ``wish_s`` if there are enough runs by then, and until
    ``limit_s`` in any case. ``warmup_runs``: inferences before the first sample.
    """

    wish_s: float
    limit_s: float
    warmup_runs: int = WARMUP_RUNS


Watch = Callable[[], str | None]
"""Says after each turn what spoiled it, such as a GPU that throttled; None if nothing did."""
MOST_SPOILED = 50
"""Rounds that may be spoiled before sampling is given up."""


def nothing_spoils() -> str | None:
    """The watch on a processor."""
    return None


class SpoiledRounds(Exception):
    """So many rounds were spoiled that there are no samples: by reason, how many."""

    def __init__(self, reasons: Mapping[str, int]) -> None:
        told = ", ".join(f"{reason} in {count} rounds" for reason, count in reasons.items())
        super().__init__(f"no latency could be measured: {told}")


def sample_in_rounds(
    variants: Mapping[str, TimeRuns],
    patience: Patience,
    clock: Callable[[], float],
    watch: Watch = nothing_spoils,
    spoiled: Counter[str] | None = None,
) -> dict[str, list[list[float]]]:
    """Milliseconds by variant, round and run: ``{variant: [[ms, …], …]}``.

    Each variant is warmed up first, and again briefly at the start of each turn. In a round, every
    variant has one turn, in an order that is shuffled for each round (fixed seed). Each variant has
    at least 100 runs unless ``limit_s`` ends sampling before. A round in which ``watch`` says that
    a turn was spoiled is dropped, and counted in ``spoiled`` by the reason. Raises RunFailure for
    the first model that fails, and SpoiledRounds.
    """
    dropped: Counter[str] = Counter() if spoiled is None else spoiled

    def take(name: str, runs: int) -> list[float]:
        try:
            return variants[name](runs)
        except JobFailure as failure:
            raise RunFailure(name, failure) from failure

    start = clock()
    turns = {name: _runs_per_turn(take(name, patience.warmup_runs)) for name in variants}
    samples: dict[str, list[list[float]]] = {name: [] for name in variants}
    order = list(variants)
    shuffle = random.Random(0).shuffle  # noqa: S311  no secret depends on it
    while not _enough(samples, clock() - start, patience):
        shuffle(order)
        problems = set()
        for name in order:
            samples[name].append(take(name, turns[name]))
            problems.add(watch())
        for problem in sorted(filter(None, problems))[:1]:
            dropped[problem] += 1
            for rounds in samples.values():
                rounds.pop()
        if dropped.total() > MOST_SPOILED:
            raise SpoiledRounds(dropped)
    return samples


def _runs_per_turn(warmup_ms: list[float]) -> int:
    typical = sorted(warmup_ms)[len(warmup_ms) // 2]
    return max(2, min(25, math.ceil(TURN_MS / max(typical, 1e-3))))


def _enough(samples: Mapping[str, list[list[float]]], elapsed_s: float, patience: Patience) -> bool:
    rounds = min((len(r) for r in samples.values()), default=0)
    if rounds < 3:
        return not samples
    if elapsed_s > patience.limit_s:
        return True
    runs = min(sum(map(len, r)) for r in samples.values())
    if rounds < MIN_ROUNDS or runs < MIN_RUNS:
        return False
    return elapsed_s > patience.wish_s or (
        rounds % 8 == 0 and all(map(_is_narrow, samples.values()))
    )


def _is_narrow(rounds: list[list[float]]) -> bool:
    interval = median_interval(rounds)
    return interval.half_width <= NARROW * interval.value
