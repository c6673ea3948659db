"""Starts the workers that time a model, prove its precision, or check that it loads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.deployment import Deployment
from bench.proven import PrecisionProof
from bench.requests import Loaded, LoadRequest, Proven, ProveRequest, TimeRequest, Turn
from compress.sandbox.access import Access
from compress.worker.start import run_worker, start_worker
from compress.workshop import Workshop
from core.errors import JobFailure

MODULE = "bench.in_worker.latency"


@dataclass
class TimedWorker:
    """A worker that holds a model. ``time_runs`` takes a number of runs and returns milliseconds of
    each; ``pids`` returns its processes; ``peak_memory_bytes``: of the worker's process, as of its
    last turn.
    """

    time_runs: Callable[[int], list[float]]
    pids: Callable[[], Collection[int]]
    peak_memory_bytes: int = 0


@contextmanager
def timed_worker(model: Deployment, workshop: Workshop) -> Iterator[TimedWorker]:
    """Starts a worker and loads the model. Raises JobFailure; so does ``time_runs``.

    The worker is frozen between its turns: OpenMP threads spin for a while after each run and
    would slow down the next worker.
    """
    limit_s = workshop.stage_timeout_s

    def time_runs(runs: int) -> list[float]:
        worker.thaw()
        turn = worker.ask(TimeRequest(runs=runs), Turn, limit_s)
        worker.freeze()
        if len(turn.samples_ms) != runs:
            message = f"the worker timed {len(turn.samples_ms)} runs, not {runs}"
            raise JobFailure("latency", "error", message)
        timed.peak_memory_bytes = turn.peak_memory_bytes
        return list(turn.samples_ms)

    access = Access(model.places, gpu=model.on_gpu)
    with start_worker(MODULE, "latency", workshop.workplace, access) as worker:
        worker.ask(_load_request(model, workshop), Loaded, limit_s)
        worker.freeze()
        timed = TimedWorker(time_runs, worker.processes)
        yield timed


def check_loads(model: Deployment, workshop: Workshop) -> None:
    """Loads the model and runs it once, in a separate process; raises JobFailure."""
    run_worker(
        MODULE,
        "load",
        _load_request(model, workshop),
        Loaded,
        workplace=workshop.workplace,
        timeout_s=workshop.stage_timeout_s,
        access=Access(model.places, gpu=model.on_gpu),
    )


def prove_precision(model: Deployment, workshop: Workshop) -> PrecisionProof:
    """Counts the ops that really run in the target's low precision, in a separate process.

    Raises JobFailure if no op does: an "int8" run without int8 ops is a failure, not a result.
    """
    precision = model.target.precision
    proof = model.target.engine.proof(precision)
    assert proof is not None
    request = ProveRequest(
        engine=model.configured(workshop.threads),
        shape=model.shape,
        proof=proof,
    )
    proven, _ = run_worker(
        MODULE,
        "proof",
        request,
        Proven,
        workplace=workshop.workplace,
        timeout_s=workshop.stage_timeout_s,
        access=Access(model.places, gpu=model.on_gpu),
    )
    if not any(low for low, _ in proven.ops.values()):
        raise JobFailure(
            "proof",
            "error",
            f"no op runs in {precision}: the model has no quantised op of the types "
            f"{', '.join(model.op_types) or '(any)'}",
        )
    return PrecisionProof(
        precision=precision,
        op_types=model.op_types,
        ops=proven.ops,
        kernels=proven.kernels,
        tensorrt=proven.tensorrt,
    )


def _load_request(model: Deployment, workshop: Workshop) -> LoadRequest:
    return LoadRequest(engine=model.configured(workshop.threads), shape=model.shape)
