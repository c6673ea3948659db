"""Measures models together: proves and scores each one, then times all of them taking turns.

All models are measured here. A failure of one model becomes its own ``JobFailure``; the others
keep their numbers.
"""

from __future__ import annotations

import itertools
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from bench.built_engines import with_engines
from bench.crash import around_crashes
from bench.deployment import Deployment
from bench.gpu import NoGpu, watch_gpu
from bench.openvino_form import in_its_form
from bench.proven import PrecisionProof
from bench.result import Accuracy, GpuConditions
from bench.rounds import Patience, RunFailure, SpoiledRounds, sample_in_rounds
from bench.timing import TimedWorker, check_loads, prove_precision, timed_worker
from compress.runtimes.runtime import Runtime
from compress.workshop import Workshop
from core.errors import InputError, JobFailure
from core.private_folder import private_folder

T = TypeVar("T")
WATCHING = "watching the GPU"
"""The stage of failures that are no fault of a model or its target."""
Score = Callable[[Deployment], Accuracy]
"""Measures accuracy; raises JobFailure or InputError."""


@dataclass(frozen=True)
class Contender:
    """A model to measure; ``score``: None if its accuracy cannot be measured; ``prevented``: what
    keeps it from being measured at all; ``runtime``: None for that of the run.
    """

    model: Deployment
    score: Score | None = None
    prevented: JobFailure | None = None
    runtime: Runtime | None = None


@dataclass(frozen=True)
class Timing:
    """``rounds_ms``: milliseconds by round and run; all models have the same rounds. ``gpu``: None
    on a processor.
    """

    rounds_ms: tuple[tuple[float, ...], ...]
    peak_memory_bytes: int
    gpu: GpuConditions | None = None


@dataclass(frozen=True)
class Outcome:
    """The measurements of one model: each part is a value or the failure that stopped it.

    ``model``: the deployment that was measured, without what crashes; ``crashed``: the graph passes
    and kernels that crash on it and were left out. ``proof``: None in fp32, which needs none, and
    the refusal of a model that would compute nonsense on its target;
    ``accuracy``: None if it cannot be measured; ``timing``: None until the model is timed.
    ``scoring_s``: seconds that engines, proof and accuracy took.
    """

    model: Deployment
    crashed: tuple[str, ...] = ()
    proof: PrecisionProof | JobFailure | None = None
    accuracy: Accuracy | JobFailure | None = None
    timing: Timing | JobFailure | None = None
    scoring_s: float = 0.0

    @property
    def failures(self) -> tuple[JobFailure, ...]:
        """The failures in order; one that stopped several parts appears once."""
        parts = (self.proof, self.accuracy, self.timing)
        failures = {id(part): part for part in parts if isinstance(part, JobFailure)}
        return tuple(failures.values())


def measure_together(
    contenders: Mapping[str, Contender],
    workshop: Workshop,
    patience: Patience,
    say: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Outcome]:
    """The outcome of each contender, by name. Failures to prove, score or time one are its own.

    A model whose precision cannot be proven is neither scored nor timed: its numbers would be
    those of another precision. A failure in scoring does not keep a model from being timed.
    """
    outcomes: dict[str, Outcome] = {}
    places = {name: _workshop_of(contender, workshop) for name, contender in contenders.items()}
    with private_folder(workshop.scratch, "engines-") as engines:
        for number, (name, contender) in enumerate(contenders.items()):
            start = clock()
            builds = contender.model.target.engine.builds_for_shapes
            say(f"{name}: {'engines, ' if builds else ''}proof and accuracy")
            outcome = _prepare(contender, engines / str(number), places[name])
            outcome = _score(_prove(outcome, places[name]), contender, places[name])
            outcomes[name] = replace(outcome, scoring_s=clock() - start)
        ready = {n: o for n, o in outcomes.items() if not isinstance(o.proof, JobFailure)}
        say(f"latency: {len(ready)} models taking turns")
        return outcomes | _time(ready, places, patience, clock)


def _workshop_of(contender: Contender, workshop: Workshop) -> Workshop:
    """The workshop with the contender's runtime."""
    return replace(workshop, runtime=contender.runtime) if contender.runtime else workshop


@contextmanager
def caught() -> Iterator[list[JobFailure]]:
    """Yields a list that receives any exception raised inside as a JobFailure, so that a model
    which fails cannot cost the whole report.
    """
    failures: list[JobFailure] = []
    try:
        yield failures
    except JobFailure as failure:
        failures.append(failure)
    except InputError as error:
        failures.append(JobFailure("input", "error", str(error)))
    except Exception as error:  # noqa: BLE001
        text = f"unexpected {type(error).__name__}: {error}"
        failures.append(JobFailure("slimgate", "error", text, traceback.format_exc()[-3000:]))


def _prepare(contender: Contender, engines: Path, workshop: Workshop) -> Outcome:
    """The model in the form that its library takes, with its engines in the folder ``engines``; or
    what keeps it from being measured, as its proof.
    """
    model, prevented = contender.model, contender.prevented
    if model.unfit is not None:
        prevented = JobFailure("target", "error", f"refused {model.target.name}: {model.unfit}")
    if prevented is not None:
        return Outcome(model, proof=prevented, timing=prevented)
    outcome = Outcome(model)
    with caught() as failures:
        outcome = Outcome(in_its_form(model, workshop))
    if failures:
        return replace(outcome, proof=failures[0], timing=failures[0])
    builds = itertools.count()
    outcome, built = _attempt(
        outcome, lambda model: with_engines(model, engines / str(next(builds)), workshop)
    )
    if isinstance(built, JobFailure):
        return replace(outcome, proof=built, timing=built)
    return replace(outcome, model=built)


def _prove(outcome: Outcome, workshop: Workshop) -> Outcome:
    target = outcome.model.target
    if outcome.proof is not None or target.engine.proof(target.precision) is None:
        return outcome
    outcome, proof = _attempt(outcome, lambda model: prove_precision(model, workshop))
    timing = proof if isinstance(proof, JobFailure) else outcome.timing
    return replace(outcome, proof=proof, timing=timing)


def _score(outcome: Outcome, contender: Contender, workshop: Workshop) -> Outcome:
    """Scores the model. One without score or proof is loaded once instead, to find what crashes."""
    if isinstance(outcome.proof, JobFailure):
        return replace(outcome, accuracy=outcome.proof if contender.score else None)
    if contender.score is not None:
        outcome, accuracy = _attempt(outcome, contender.score)
        return replace(outcome, accuracy=accuracy)
    if outcome.proof is None:
        outcome, _ = _attempt(outcome, lambda model: check_loads(model, workshop))
    return outcome


def _attempt(
    outcome: Outcome, attempt: Callable[[Deployment], T]
) -> tuple[Outcome, T | JobFailure]:
    """The attempt's value or failure; the outcome leaves out what crashed in it, and the engines
    that were built with that.
    """
    with caught() as failures:
        result, crashed = around_crashes(outcome.model, attempt)
        if not crashed:
            return outcome, result
        proof = outcome.proof
        return replace(
            outcome,
            model=outcome.model.without(crashed),
            crashed=(*outcome.crashed, *crashed),
            proof=proof.built_anew() if isinstance(proof, PrecisionProof) else proof,
        ), result
    return outcome, failures[0]


def _time(
    ready: Mapping[str, Outcome],
    workshops: Mapping[str, Workshop],
    patience: Patience,
    clock: Callable[[], float],
) -> dict[str, Outcome]:
    """Times all models taking turns. One that does not start is dropped; after one fails in its
    turn, the others start over without it.
    """
    outcomes, racing = dict(ready), dict(ready)
    while racing:
        with ExitStack() as stack:
            started = {
                name: _start(outcome.model, workshops[name], stack)
                for name, outcome in racing.items()
            }
            workers = {n: w for n, w in started.items() if isinstance(w, TimedWorker)}
            failed = {n: f for n, f in started.items() if isinstance(f, JobFailure)}
            outcomes |= {n: replace(outcomes[n], timing=failure) for n, failure in failed.items()}
            on_gpu = sum(racing[name].model.on_gpu for name in workers)
            try:
                rounds, gpu = _sample(workers, patience, clock, on_gpu=on_gpu)
            except RunFailure as run:
                outcomes[run.name] = replace(racing[run.name], timing=run.failure)
                racing = {name: racing[name] for name in workers if name != run.name}
                continue
            except (SpoiledRounds, NoGpu) as error:
                spoiled = JobFailure(WATCHING, "error", str(error))
                return outcomes | {n: replace(outcomes[n], timing=spoiled) for n in workers}
        for name, worker in workers.items():
            timing = Timing(
                tuple(map(tuple, rounds[name])), worker.peak_memory_bytes, gpu.get(name)
            )
            outcomes[name] = replace(outcomes[name], timing=timing)
        return outcomes
    return outcomes


def _sample(
    workers: Mapping[str, TimedWorker],
    patience: Patience,
    clock: Callable[[], float],
    *,
    on_gpu: int,
) -> tuple[dict[str, list[list[float]]], dict[str, GpuConditions]]:
    """The samples of all workers, and the conditions on a GPU, both by worker; ``on_gpu``: how many
    of them use it. Raises RunFailure, SpoiledRounds or NoGpu.
    """
    runs = {name: worker.time_runs for name, worker in workers.items()}
    if not on_gpu or not workers:
        return sample_in_rounds(runs, patience, clock), {}
    spoiled: Counter[str] = Counter()
    with watch_gpu(alone=on_gpu) as watch:
        rounds = sample_in_rounds(runs, patience, clock, watch, spoiled)
        held = {name: watch.memory_of(worker.pids()) for name, worker in workers.items()}
    clocks, temperatures = watch.clocks_mhz, watch.temperatures_c
    conditions = GpuConditions(
        clock_mhz=(min(clocks), max(clocks)),
        temperature_c=(min(temperatures), max(temperatures)),
        dropped_rounds=dict(spoiled),
    )
    return rounds, {
        name: conditions.model_copy(update={"memory_bytes": memory})
        for name, memory in held.items()
    }


def _start(model: Deployment, workshop: Workshop, stack: ExitStack) -> TimedWorker | JobFailure:
    """A worker with the model loaded, which ends with the stack; or the failure to start it."""
    try:
        return stack.enter_context(timed_worker(model, workshop))
    except JobFailure as failure:
        return failure
