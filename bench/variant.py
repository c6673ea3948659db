"""A variant on its way through the stages of a job, and the result that it ends as."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from bench.crash import describe_crash
from bench.job import FP32, Job, Side, SideSpec
from bench.result import (
    Accuracy,
    ArtifactFacts,
    Latency,
    Measured,
    NotMeasured,
    PrecisionProof,
    VariantResult,
    failed_variant,
    variant_name,
)
from bench.targets import Target, target_for
from bench.timing import TimedModel
from compress.artifacts import Artifact
from compress.errors import JobFailure
from compress.recipes.inference_ops import inference_op_types
from compress.recipes.parse import ParsedRecipe
from compress.source import SuiteSource


@dataclass
class Variant:
    """One side with one recipe on its way through the stages; ``crashing`` are parts of
    the engine that cannot be run on its model (``bench.crash``).
    """

    side: Side
    recipe: str
    spec: SideSpec
    source: SuiteSource
    parsed: ParsedRecipe | None
    artifact: Artifact | None = None
    failure: JobFailure | None = None
    proof: PrecisionProof | None = None
    accuracy: Accuracy | NotMeasured | None = None
    latency: Latency | None = None
    same_as: str | None = None
    crashing: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return variant_name(self.side, self.recipe)

    @property
    def target(self) -> Target:
        return target_for(bool(self.parsed and self.parsed.op_types))

    @property
    def op_types(self) -> tuple[str, ...]:
        """What to quantise at inference: the op types that the artifact holds quantised."""
        return tuple(inference_op_types(self.artifact.op_types)) if self.artifact else ()


def alive(variants: list[Variant]) -> list[Variant]:
    """Those with a model of their own and no failure yet."""
    return [v for v in variants if v.artifact and not v.failure and v.same_as is None]


def share_models(variants: list[Variant]) -> None:
    """Marks variants whose model and target are another's, so that each is measured once."""
    seen: dict[tuple[str, ...], Variant] = {}
    for variant in variants:
        if variant.artifact is not None:
            data = str(variant.spec.data_config)
            how = (variant.target.name, *variant.op_types, variant.source.code_id)
            key = (variant.artifact.content_hash, *how, data)
            first = seen.setdefault(key, variant)
            variant.same_as = None if first is variant else first.name


def timed_model(job: Job, variant: Variant) -> TimedModel:
    """How the variant is run; it has to have a model."""
    assert variant.artifact is not None
    left_out = (*(job.delete_passes if variant.parsed else ()), *variant.crashing)
    return TimedModel(
        variant.artifact.folder, variant.target, variant.op_types, left_out, job.input_shape
    )


def prediction_folders(variants: list[Variant], side: Side) -> tuple[Path | None, Path | None]:
    """Store entries of the predictions of fp32 and compressed on one side, for the pictures."""
    by_name = {v.name: v for v in variants}
    found: list[Path | None] = []
    for recipe in (FP32, next((v.recipe for v in variants if v.parsed), "")):
        variant = by_name.get(variant_name(side, recipe))
        origin = by_name.get(variant.same_as or variant.name) if variant else None
        measured = origin.accuracy if origin else None
        found.append(Path(measured.statistics).parent if isinstance(measured, Accuracy) else None)
    return found[0], found[1]


def result_of(job: Job, variant: Variant, variants: list[Variant], out: Path) -> VariantResult:
    """What the variant ended as; one that shares a model shares its numbers and its failure."""
    origin = next((v for v in variants if v.name == variant.same_as), variant)
    failure = variant.failure or origin.failure
    if failure is not None:
        return failed_variant(variant.side, variant.recipe, failure)
    if origin.accuracy is None or origin.latency is None or variant.artifact is None:
        lost = JobFailure("latency", "error", "not reached")
        return failed_variant(variant.side, variant.recipe, lost)
    return Measured(
        side=variant.side,
        recipe=variant.recipe,
        artifact=_facts(variant, variant.artifact),
        accuracy=_keep_statistics(origin, out, job),
        latency=origin.latency,
        proof=origin.proof,
        same_as=variant.same_as,
    )


def _keep_statistics(variant: Variant, out: Path, job: Job) -> Accuracy | NotMeasured:
    """Copies the per-image statistics next to the result, which then stands on its own."""
    accuracy = variant.accuracy
    if not isinstance(accuracy, Accuracy):
        assert accuracy is not None
        return accuracy
    name = f"{job.id}/{variant.side}-{variant.recipe}.npz"
    target = out / name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(accuracy.statistics, target)
    return accuracy.model_copy(update={"statistics": name})


def _facts(variant: Variant, artifact: Artifact) -> ArtifactFacts:
    return ArtifactFacts(
        content_hash=artifact.content_hash,
        size_bytes=artifact.size_bytes,
        cached=artifact.cached,
        method=variant.parsed.method if variant.parsed else FP32,
        trained_op_types=artifact.op_types,
        remarks=(
            *(variant.parsed.repairs if variant.parsed else ()),
            *artifact.remarks,
            *map(describe_crash, variant.crashing),
        ),
        losses=artifact.losses,
        data=artifact.record.made.data if artifact.record else None,
    )
