"""Starts the workers that time a model or prove its precision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from bench.result import KernelTimes, PrecisionProof, Round
from bench.rounds import TimeRuns
from bench.targets import Target
from compress.artifacts import Workshop
from compress.errors import JobFailure
from compress.sandbox.access import Access
from compress.schema import StrictModel
from compress.worker import start_worker
from compress.worker_process import read_answer

MODULE = "bench.workers.latency"


class Turn(StrictModel):
    """What a worker answers after a turn: milliseconds of each run, and its peak memory."""

    samples_ms: Round
    peak_memory_bytes: int = Field(gt=0)


class Proven(StrictModel):
    """What a worker answers to ``prove``: see ``PrecisionProof``."""

    ops: dict[str, tuple[int, int]]
    kernels: KernelTimes | None


@dataclass(frozen=True)
class TimedModel:
    """An inference model and how it is run. ``shape``: (N, C, H, W) of the image input."""

    folder: Path
    target: Target
    op_types: tuple[str, ...]
    left_out: tuple[str, ...]
    shape: tuple[int, ...]

    def options(self, threads: int) -> dict[str, Any]:
        """``bench.engine.EngineOptions`` as plain data."""
        return {
            "target": self.target.name,
            "threads": threads,
            "op_types": self.op_types,
            "left_out": self.left_out,
        }

    def request(self, threads: int) -> dict[str, Any]:
        """What both the timing and the proving worker are asked."""
        return {"model": str(self.folder), "options": self.options(threads), "shape": self.shape}


@contextmanager
def timed_worker(
    model: TimedModel, workshop: Workshop, name: str, peaks: dict[str, int]
) -> Iterator[TimeRuns]:
    """A worker that holds the model; yields a function that times so many runs.

    ``peaks`` receives the worker's peak memory in bytes under ``name``. A JobFailure carries
    ``latency: NAME`` as its stage, so that the caller knows which variant it was. Between its
    turns the worker is frozen: OpenMP threads spin for a while after each run and would slow
    down whoever is next.
    """
    limit, access = workshop.stage_timeout_s, Access((model.folder,))

    def time_runs(runs: int) -> list[float]:
        worker.thaw()
        answer = worker.call({"do": "run", "runs": runs}, limit)
        worker.freeze()
        turn = read_answer(Turn, answer, worker.stage)
        peaks[name] = turn.peak_memory_bytes
        return list(turn.samples_ms)

    with start_worker(MODULE, f"latency: {name}", workshop.workplace, access) as worker:
        worker.call({"do": "load", **model.request(workshop.threads)}, limit)
        worker.freeze()
        yield time_runs


def check_loads(model: TimedModel, workshop: Workshop) -> None:
    """Loads and runs the model once in a process of its own; raises JobFailure."""
    with start_worker(MODULE, "load", workshop.workplace, Access((model.folder,))) as worker:
        request = {"do": "load", **model.request(workshop.threads)}
        worker.call(request, workshop.stage_timeout_s)


def prove_precision(model: TimedModel, workshop: Workshop) -> PrecisionProof:
    """Counts the ops that really run in the target's precision, in a process that times nothing.

    Raises JobFailure if there are none: an "int8" run without int8 ops is a failure, not a result.
    """
    precision = model.target.precision
    request = {"do": "prove", "precision": precision, **model.request(workshop.threads)}
    with start_worker(MODULE, "proof", workshop.workplace, Access((model.folder,))) as worker:
        answer = worker.call(request, workshop.stage_timeout_s)
    proven = read_answer(Proven, answer, "proof")
    if not any(low for low, _ in proven.ops.values()):
        raise JobFailure(
            "proof",
            "error",
            f"no op runs in {precision}: the model holds no quantised op of the types "
            f"{', '.join(model.op_types) or '(any)'}",
        )
    return PrecisionProof(
        precision=precision, op_types=model.op_types, ops=proven.ops, kernels=proven.kernels
    )
