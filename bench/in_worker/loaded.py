"""The interface of a loaded model, whatever library runs it, and how its runs are timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy.typing as npt

from compress.in_worker.graph.feeds import FeedSpecs

SETTLE_S = 0.03

Arrays = Mapping[str, npt.NDArray[Any]]
"""Inputs by name."""


class LoadedModel(Protocol):
    """A model that is ready to run."""

    def feeds(self) -> list[str]:
        """Names of the model's inputs."""

    def feed_specs(self) -> FeedSpecs:
        """Shape and type of each input."""

    def run(self, feeds: Arrays) -> list[npt.NDArray[Any]]:
        """One inference; returns every output, copied to the host."""

    def time_runs(self, feeds: Arrays, runs: int) -> list[float]:
        """Milliseconds of each of ``runs`` inferences. Inputs are set once; copying outputs counts.

        Runs untimed for a moment first, so that caches and clocks are those of steady work.
        """


def sample(run: Callable[[], object], runs: int) -> list[float]:
    """Milliseconds of each run, after untimed ones of ``SETTLE_S`` seconds together."""
    settled = time.perf_counter() + SETTLE_S
    run()
    while time.perf_counter() < settled:
        run()
    return [_milliseconds(run) for _ in range(runs)]


def _milliseconds(run: Callable[[], object]) -> float:
    start = time.perf_counter_ns()
    run()
    return (time.perf_counter_ns() - start) / 1e6
