"""Turns the artifacts and outcomes of a job's variants into results."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from bench.crash import describe_crash
from bench.make import Blueprint
from bench.proven import PrecisionProof
from bench.result import (
    Accuracy,
    ArtifactFacts,
    Latency,
    Measured,
    NotMeasured,
    Stopped,
    VariantResult,
    failed_variant,
    stopped,
)
from bench.rounds import WARMUP_RUNS
from bench.together import Outcome
from bench.variant import FP32, Variant
from compress.artifacts.artifact import Artifact
from core.errors import JobFailure


def variant_results(
    job: str,
    blueprints: Mapping[Variant, Blueprint],
    artifacts: Mapping[Variant, Artifact | JobFailure],
    origins: Mapping[Variant, Variant],
    outcomes: Mapping[Variant, Outcome],
    out: Path,
) -> tuple[VariantResult, ...]:
    """A result for each variant; variants with equal models share measurements.

    ``origins``: by variant, the one whose outcome holds for it. Statistics are copied below
    ``out``.
    """
    return tuple(
        failed_variant(variant, artifact)
        if isinstance(artifact, JobFailure)
        else _measured(
            job,
            variant,
            blueprints[variant],
            artifact,
            origins[variant],
            outcomes[origins[variant]],
            out,
        )
        for variant, artifact in artifacts.items()
    )


def _measured(
    job: str,
    variant: Variant,
    blueprint: Blueprint,
    artifact: Artifact,
    origin: Variant,
    outcome: Outcome,
    out: Path,
) -> Measured:
    return Measured(
        side=variant.side,
        recipe=variant.recipe,
        artifact=_facts(blueprint, artifact, outcome if origin == variant else None),
        target=outcome.model.target.name,
        accuracy=_accuracy(job, origin, blueprint, outcome, out),
        latency=_latency(outcome),
        proof=_proof(outcome),
        same_as=None if origin == variant else str(origin),
    )


def _accuracy(
    job: str, origin: Variant, blueprint: Blueprint, outcome: Outcome, out: Path
) -> Accuracy | NotMeasured | Stopped:
    """The accuracy; its statistics are copied next to the result, which can then be moved."""
    if isinstance(outcome.accuracy, JobFailure):
        return stopped(outcome.accuracy)
    if outcome.accuracy is None:
        return _not_measured(blueprint)
    name = f"{job}/{origin.side}-{origin.recipe}.npz"
    target = out / name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(outcome.accuracy.statistics, target)
    return outcome.accuracy.model_copy(update={"statistics": name})


def _not_measured(blueprint: Blueprint) -> NotMeasured:
    obstacle = blueprint.obstacle
    if obstacle is None:
        return NotMeasured(reason=blueprint.not_scored)
    return NotMeasured(reason=obstacle.reason, details=obstacle.details, blocking=True)


def _latency(outcome: Outcome) -> Latency | Stopped:
    timing = outcome.timing
    if isinstance(timing, JobFailure):
        return stopped(timing)
    assert timing is not None  # measure_together times every model or gives a failure
    return Latency(
        target=outcome.model.target.name,
        rounds_ms=timing.rounds_ms,
        warmup_runs=WARMUP_RUNS,
        peak_memory_bytes=timing.peak_memory_bytes,
        gpu=timing.gpu,
    )


def _proof(outcome: Outcome) -> PrecisionProof | Stopped | None:
    return stopped(outcome.proof) if isinstance(outcome.proof, JobFailure) else outcome.proof


def _facts(blueprint: Blueprint, artifact: Artifact, outcome: Outcome | None) -> ArtifactFacts:
    """Facts about the artifact; ``outcome``: None if another variant was measured in its place."""
    recipe = blueprint.recipe
    return ArtifactFacts(
        content_hash=artifact.content_hash,
        size_bytes=artifact.size_bytes,
        cached=artifact.cached,
        method=recipe.method if recipe else FP32,
        trained_op_types=artifact.op_types,
        remarks=(
            *(recipe.repairs if recipe else ()),
            *artifact.remarks,
            *map(describe_crash, outcome.crashed if outcome else ()),
        ),
        losses=artifact.losses,
        data=artifact.record.made.data if artifact.record else None,
    )
