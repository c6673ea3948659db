"""Lets the doctor look at a case: its recipe's text, and what a run found out about the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bench.fingerprint import has_vnni
from bench.job import FP32, Job, Plan
from bench.result import Accuracy, Failed, JobResult, Measured, PrecisionProof
from bench.stats import ratio_interval
from bench.targets import target_for
from compress.doctor.diagnose import diagnose
from compress.doctor.facts import DataFacts, FailureFacts, ResultFacts, TargetFacts, Versions
from compress.doctor.rule import Subject
from compress.doctor.text import parse_text
from compress.errors import InputError
from compress.finding import Finding
from compress.suites import find_dialect
from compress.suites.base import Dialect, Document


def diagnose_case(plan: Plan, job: Job, result: JobResult | None) -> tuple[Finding, ...]:
    """What the rules say of head's recipe. A fix is offered on lines that the change touches: on
    others GitHub takes no suggestion.
    """
    text, file = job.sides["head"].recipe_text, job.recipe_file
    if text is None or file is None:
        return ()
    try:
        recipe = parse_text(text, file)
    except InputError:
        return ()  # planning has said so
    found = diagnose(_subject(Subject(recipe), find_dialect(plan.dialect), job, result))
    touched = {(line.file, line.line) for line in plan.changed_lines}
    return tuple(
        one if (one.file, one.line) in touched else one.model_copy(update={"fix": None})
        for one in found
    )


def _subject(subject: Subject, dialect: Dialect, job: Job, result: JobResult | None) -> Subject:
    if result is None:
        return subject
    by_recipe = {
        v.recipe: v for v in result.variants if isinstance(v, Measured) and v.side == "head"
    }
    before, after = by_recipe.get(FP32), by_recipe.get(job.recipe)
    target = after.latency.target if after else target_for(subject.quantises).name
    failed = next((v for v in result.variants if isinstance(v, Failed) and v.side == "head"), None)
    return Subject(
        subject.recipe,
        graph=result.graph,
        data=data_facts(
            dialect,
            job.sides["head"].data_config,
            job.input_shape,
            job.dynamic_shape,
            after.artifact.data if after else None,
        ),
        target=TargetFacts(target, delete_passes=job.delete_passes),
        result=_result_facts(before, after, set(result.fingerprint.flags)) if after else None,
        failure=FailureFacts(failed.stage, failed.kind, failed.message, failed.log_tail)
        if failed
        else None,
        versions=versions_facts(result.fingerprint.versions),
    )


def versions_facts(versions: Mapping[str, str]) -> Versions:
    """What rules may know of the installed distributions."""
    return Versions(
        paddle=versions.get("paddlepaddle") or versions.get("paddlepaddle-gpu"),
        paddleslim=versions.get("paddleslim"),
        numpy=versions.get("numpy"),
    )


def data_facts(
    dialect: Dialect, config: Document, shape: Sequence[int], dynamic: bool, seen: DataFacts | None
) -> DataFacts:
    """What compression saw of the images, and what the config says of them; ``shape`` is the
    model's input (N, C, H, W), ``dynamic`` if it takes any height and width.
    """
    training, evaluation = dialect.normalisation(config)
    more = {
        "export_size": None if dynamic else (shape[-2], shape[-1]),
        "dynamic_shape": dynamic,
        "fixed_size": dialect.evaluation_size(config),
        "training": training,
        "evaluation": evaluation,
    }
    return (seen or DataFacts()).model_copy(update=more)


def _result_facts(before: Measured | None, after: Measured, flags: set[str]) -> ResultFacts:
    low, every = after.proof.convolutions if after.proof else (None, None)
    measured = [v.accuracy for v in (before, after) if v and isinstance(v.accuracy, Accuracy)]
    return ResultFacts(
        accuracy_before=_accuracy(before),
        accuracy_after=_accuracy(after),
        chance=measured[0].chance if measured else 0.0,
        latency_before_ms=_median(before),
        latency_after_ms=_median(after),
        speedup=_speedup(before, after),
        low_precision=low,
        convolutions=every,
        vnni=has_vnni(flags),
        **time_shares(after.proof),
        losses=after.artifact.losses,
    )


def time_shares(proof: PrecisionProof | None) -> dict[str, Any]:
    """Where the compressed model's time goes, as ``ResultFacts`` have it."""
    if proof is None or proof.kernels is None:
        return {}
    kernels = proof.kernels
    return {
        "computing": kernels.computing_ms / kernels.total_ms,
        "converting": kernels.converting_ms / kernels.total_ms,
        "reference": kernels.reference_ms / kernels.total_ms,
        "reference_kernels": kernels.reference,
    }


def _accuracy(variant: Measured | None) -> float | None:
    measured = variant.accuracy if variant else None
    return measured.value if isinstance(measured, Accuracy) else None


def _speedup(before: Measured | None, after: Measured) -> tuple[float, float] | None:
    """The limits of what compression gains, from rounds that both took by turns."""
    if before is None or len(before.latency.rounds_ms) != len(after.latency.rounds_ms):
        return None
    interval = ratio_interval(before.latency.rounds_ms, after.latency.rounds_ms)
    return interval.low, interval.high


def _median(variant: Measured | None) -> float | None:
    if variant is None:
        return None
    samples = sorted(ms for one in variant.latency.rounds_ms for ms in one)
    return samples[len(samples) // 2]
