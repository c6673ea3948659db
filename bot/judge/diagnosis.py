"""Lets the doctor check a case: the text of its recipe, and what a run showed of the model."""

from __future__ import annotations

from bench.engines.targets import TARGETS, target_for
from bench.facts import data_facts, failure_facts, pair_facts, versions_facts
from bench.job import Job
from bench.placement import Placement
from bench.proven import PrecisionProof
from bench.result import Accuracy, JobResult, Latency, Measured, failures_of
from bench.stats import Interval, ratio_interval
from bench.variant import FP32
from bot.plan.values import Plan
from compress.doctor.diagnose import diagnose
from compress.doctor.facts import ResultFacts, TargetFacts
from compress.doctor.rule import Subject
from compress.doctor.text import parse_text
from compress.recipes.op_types import QAT_OP_TYPES
from compress.suites import find_dialect
from compress.suites.dialect import Dialect
from core.errors import InputError
from core.finding import Finding


def diagnose_case(plan: Plan, job: Job, result: JobResult | None) -> tuple[Finding, ...]:
    """What the rules find in head's recipe. Only findings on changed lines keep their fix: GitHub
    accepts suggestions on no other lines.
    """
    text, file = job.sides["head"].recipe_text, job.recipe_file
    if text is None or file is None:
        return ()
    try:
        recipe = parse_text(text, file)
    except InputError:
        return ()  # planning has already reported it
    findings = diagnose(_subject(Subject(recipe), find_dialect(plan.dialect), job, result))
    touched = {(line.file, line.line) for line in plan.changed_lines}
    return tuple(
        finding
        if (finding.file, finding.line) in touched
        else finding.model_copy(update={"fix": None})
        for finding in findings
    )


def _subject(subject: Subject, dialect: Dialect, job: Job, result: JobResult | None) -> Subject:
    if result is None:
        return subject
    head = {v.recipe: v for v in result.variants if isinstance(v, Measured) and v.side == "head"}
    before, after = head.get(FP32), head.get(job.recipe)
    target = after.target_name if after else target_for(subject.quantises).name
    failure = next((f for f in failures_of(result) if f.side == "head"), None)
    return Subject(
        subject.recipe,
        graph=result.graph,
        data=data_facts(
            dialect,
            job.sides["head"].data_config,
            job.sides["head"].input_shape,
            job.dynamic_shape,
            after.artifact.data if after else None,
        ),
        target=_target_facts(job, target, after),
        result=_result_facts(before, after, set(result.fingerprint.flags)) if after else None,
        failure=failure_facts(failure) if failure else None,
        versions=versions_facts(result.fingerprint.versions),
    )


def _target_facts(job: Job, name: str, after: Measured | None) -> TargetFacts:
    """What the manifest says of the model on the target; on TensorRT in int8, how many of the ops
    that are quantised had ranges when it ran.
    """
    deleted = job.delete_passes
    if name in TARGETS:
        options = Placement(options=job.targets).options_on(TARGETS[name])
        deleted = (*deleted, *options.delete_passes)
    proof = after.proof if after and isinstance(after.proof, PrecisionProof) else None
    counts = [proof.ops[kind] for kind in QAT_OP_TYPES if kind in proof.ops] if proof else []
    ranges = (sum(low for low, _ in counts), sum(total for _, total in counts))
    return TargetFacts(
        name, delete_passes=deleted, ranges=ranges if proof and proof.tensorrt else None
    )


def _result_facts(before: Measured | None, after: Measured, flags: set[str]) -> ResultFacts:
    scored = [v.accuracy for v in (before, after) if v and isinstance(v.accuracy, Accuracy)]
    return pair_facts(
        accuracy=(_accuracy(before), _accuracy(after)),
        chance=scored[0].chance if scored else 0.0,
        latency_ms=(_median_ms(before), _median_ms(after)),
        speedup=_speedup(before, after),
        proof=after.proof if isinstance(after.proof, PrecisionProof) else None,
        flags=flags,
        losses=after.artifact.losses,
    )


def _accuracy(variant: Measured | None) -> float | None:
    accuracy = variant.accuracy if variant else None
    return accuracy.value if isinstance(accuracy, Accuracy) else None


def _speedup(before: Measured | None, after: Measured) -> Interval | None:
    """How much faster the compressed model is; None unless both were timed in the same rounds."""
    slow, fast = _rounds(before), _rounds(after)
    return ratio_interval(slow, fast) if slow and len(slow) == len(fast) else None


def _median_ms(variant: Measured | None) -> float | None:
    rounds = _rounds(variant)
    samples = sorted(ms for samples in rounds for ms in samples)
    return samples[len(samples) // 2] if samples else None


def _rounds(variant: Measured | None) -> tuple[tuple[float, ...], ...]:
    """Milliseconds by round and run; empty if latency was not measured."""
    latency = variant.latency if variant else None
    return latency.rounds_ms if isinstance(latency, Latency) else ()
