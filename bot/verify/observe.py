"""Measures models on the targets of this machine, for ``slimgate runner verify``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.crash import describe_crash
from bench.dynamic_shape.evaluated import with_shape_ranges
from bench.dynamic_shape.outgrown import rebuilds
from bench.engines.targets import Target, find_target
from bench.make import Blueprint, make_compressed, make_export, require_fit, scorer
from bench.placement import Placement
from bench.proven import PrecisionProof
from bench.result import Accuracy, stopped
from bench.rounds import Patience
from bench.single import choose_recipe, single_blueprint
from bench.stats import median_interval, ratio_interval
from bench.together import Contender, Outcome, Timing, caught, measure_together
from bot.verify.observation import Observation, Outgrown
from compress.artifacts.artifact import Artifact
from compress.artifacts.inspection import find_ranges
from compress.checkout import Checkout
from compress.manifest import Model
from compress.workshop import Workshop
from core.errors import JobFailure

PATIENCE = Patience(wish_s=20.0, limit_s=60.0)
RANGES_MATTER = "gpu-trt-int8"
REBUILT = "gpu-trt-fp32"
STEP = 32
"""Models take heights and widths that are multiples of it."""


@dataclass(frozen=True)
class ChosenModel:
    """A model of a suite's checkout; ``recipe``: as ``bench.single.choose_recipe`` takes it."""

    checkout: Checkout
    model: Model
    recipe: str | None = None


@dataclass(frozen=True)
class ModelPair:
    """One model, both exported and compressed, for a fixed size or for any."""

    blueprint: Blueprint
    exported: Artifact
    compressed: Artifact

    def artifact_for(self, target: Target) -> Artifact:
        """The compressed model for int8, and the exported one for all else."""
        return self.compressed if target.precision == "int8" else self.exported


def observe_model(
    subject: ChosenModel, targets: Sequence[str], workshop: Workshop
) -> tuple[Observation, ...]:
    """The model on each target, and on those that are built for shapes with dynamic shape, too; all
    take turns. Failures become part of the observations.
    """
    places = [find_target(name) for name in targets]
    shaped = [place for place in places if place.engine.builds_for_shapes]
    contenders: dict[tuple[str, bool], Contender] = {}
    unmade: list[Observation] = []
    ranges: dict[bool, int] = {}
    for dynamic, chosen in ((False, places), (True, shaped)):
        if not chosen:
            continue
        with caught() as failures:
            made = make_both(subject, workshop, dynamic=dynamic)
            contenders |= {
                (place.name, dynamic): _contender(subject, made, place, workshop)
                for place in chosen
            }
            if RANGES_MATTER in targets:
                ranges[dynamic] = _ranged_convolutions(made.compressed, workshop)
        unmade += [
            Observation(
                model=subject.model.name,
                target=place.name,
                dynamic=dynamic,
                failure=stopped(failure),
            )
            for failure in failures
            for place in chosen
            if (place.name, dynamic) not in contenders
        ]
    names = {
        f"{target}{' dynamic' if dynamic else ''}": (target, dynamic)
        for target, dynamic in contenders
    }
    outcomes = measure_together(
        {name: contenders[key] for name, key in names.items()},
        workshop,
        PATIENCE,
        lambda text: workshop.say(f"{subject.model.name}: {text}"),
    )
    found = {key: outcomes[name] for name, key in names.items()}
    return (*_observations(subject.model.name, found, ranges), *unmade)


def make_both(subject: ChosenModel, workshop: Workshop, *, dynamic: bool) -> ModelPair:
    """Exports and compresses the model; raises JobFailure or InputError."""
    checkout, model = subject.checkout, subject.model
    recipe = choose_recipe(checkout, model, subject.recipe, checkout.manifest.quick)
    workshop.say(f"{model.name}: export and compress{' for any size' if dynamic else ''}")
    blueprint = single_blueprint(checkout, model, recipe, workshop)
    export = replace(blueprint.export, dynamic_shape=dynamic)
    blueprint = replace(blueprint, export=export)
    exported = make_export(blueprint, workshop)
    blueprint = require_fit(blueprint, exported)
    return ModelPair(blueprint, exported, make_compressed(blueprint, exported, workshop))


def observe_rebuilding(subject: ChosenModel, workshop: Workshop) -> Outgrown:
    """Whether an engine for one size is rebuilt for a larger one."""
    name = subject.model.name
    with caught() as failures:
        made = make_both(subject, workshop, dynamic=True)
        target = find_target(REBUILT)
        alone = replace(_placed(subject, made.blueprint, target), validation=None)
        model = with_shape_ranges(alone, made.artifact_for(target), workshop)
        batch, channels, height, width = model.shape
        larger = (batch, channels, _larger(height), _larger(width))
        return Outgrown(model=name, rebuilt=rebuilds(model, larger, workshop))
    return Outgrown(model=name, rebuilt=None, failure=stopped(failures[0]))


def _larger(side: int) -> int:
    return (side * 3 // 2 // STEP + 1) * STEP


def _placed(subject: ChosenModel, blueprint: Blueprint, target: Target) -> Blueprint:
    return replace(blueprint, placement=Placement(target, target, subject.model.targets))


def _contender(
    subject: ChosenModel, made: ModelPair, target: Target, workshop: Workshop
) -> Contender:
    artifact = made.artifact_for(target)
    blueprint = _placed(subject, made.blueprint, target)
    score = scorer(blueprint, artifact.content_hash, workshop, None)
    with caught() as failures:
        return Contender(with_shape_ranges(blueprint, artifact, workshop), score)
    return Contender(blueprint.deploy(artifact), score, failures[0])


def _ranged_convolutions(artifact: Artifact, workshop: Workshop) -> int:
    ops = find_ranges(artifact.folder, workshop).ops
    return sum(ranged for op_type, (ranged, _) in ops.items() if "conv" in op_type)


def _observations(
    model: str,
    outcomes: Mapping[tuple[str, bool], Outcome],
    ranges: Mapping[bool, int],
) -> Iterator[Observation]:
    for (target, dynamic), outcome in outcomes.items():
        fixed = outcomes.get((target, False))
        yield _observation(
            Observation(
                model=model,
                target=target,
                dynamic=dynamic,
                ranges=ranges.get(dynamic) if target == RANGES_MATTER else None,
            ),
            outcome,
            fixed if dynamic else None,
        )


def _observation(seen: Observation, outcome: Outcome, fixed: Outcome | None) -> Observation:
    """The observation with what was measured; ``fixed``: the same with a fixed size."""
    accuracy, timing = outcome.accuracy, outcome.timing
    if isinstance(accuracy, Accuracy):
        seen = seen.model_copy(update={"accuracy": accuracy.value, "images": accuracy.images})
    if isinstance(timing, Timing):
        seen = seen.model_copy(update=_times(timing, fixed.timing if fixed else None))
    proof = outcome.proof if isinstance(outcome.proof, PrecisionProof) else None
    return seen.model_copy(
        update={
            "proof": proof,
            "remarks": tuple(map(describe_crash, outcome.crashed)),
            "failure": _first(outcome.failures),
        }
    )


def _first(failures: Iterable[JobFailure]) -> object:
    return next(map(stopped, failures), None)


def _times(timing: Timing, fixed: object) -> dict[str, object]:
    return {
        "latency_ms": median_interval(timing.rounds_ms),
        "runs": sum(map(len, timing.rounds_ms)),
        "peak_memory_bytes": timing.peak_memory_bytes,
        "gpu": timing.gpu,
        "speedup": ratio_interval(fixed.rounds_ms, timing.rounds_ms)
        if isinstance(fixed, Timing)
        else None,
    }
