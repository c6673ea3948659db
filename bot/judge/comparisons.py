"""Compares the variants of a case: head with base, and compressed with fp32. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.job import Job
from bench.judge import Judgement, Scored, by_occurring, implausible, judge_accuracy, judge_latency
from bench.result import Accuracy, Latency, Measured
from bench.stats import ratio_interval
from bench.variant import FP32, Variant
from bot.judge.results import Loaded, Usable
from bot.report.report import Comparison, ComparisonKind

MAX_KEYS = 3


@dataclass(frozen=True)
class Pair:
    """Two variants to compare; ``limit_points`` is how far accuracy may fall from old to new."""

    kind: ComparisonKind
    old: Variant
    new: Variant
    limit_points: float


def planned_pairs(job: Job) -> tuple[Pair, ...]:
    """The comparisons of a complete result."""
    before, after = Variant("head", FP32), Variant("head", job.recipe)
    vs_base, vs_fp32 = job.gate.max_drop_vs_base_points, job.gate.max_drop_vs_fp32_points
    return (
        Pair("vs_base", Variant("base", job.recipe), after, vs_base),
        Pair("vs_fp32", before, after, vs_fp32),
        Pair("fp32_vs_base", Variant("base", FP32), before, vs_base),
    )


def score_variants(loaded: Loaded) -> Iterator[tuple[Variant, Scored]]:
    """The variants whose accuracy was measured, with their statistics."""
    if isinstance(loaded, Usable):
        for variant in loaded.result.variants:
            if isinstance(variant, Measured) and isinstance(variant.accuracy, Accuracy):
                statistics = loaded.statistics[variant.variant]
                content_hash = variant.artifact.content_hash
                yield variant.variant, Scored(variant.accuracy, statistics, content_hash)


def compare_variants(
    job: Job, measured: Sequence[Measured], scored: Mapping[Variant, Scored]
) -> Iterator[Comparison]:
    """Every planned comparison whose two variants were both built."""
    by_variant = {variant.variant: variant for variant in measured}
    for pair in planned_pairs(job):
        old, new = by_variant.get(pair.old), by_variant.get(pair.new)
        if old is not None and new is not None:
            yield _compare(pair, old, new, _judge(job, pair, scored), _same_input(job, pair))


def _judge(job: Job, pair: Pair, scored: Mapping[Variant, Scored]) -> Judgement | None:
    """The verdict on accuracy; None if accuracy was not measured for one of the two. The sides are
    incomparable if a key differs that decides what is counted, whatever the numbers are.
    """
    old, new, fp32 = (scored.get(v) for v in (pair.old, pair.new, pair.old.fp32))
    if old is None or new is None:
        return None
    if job.recounted and pair.old.side != pair.new.side:
        keys = ", ".join(job.recounted[:MAX_KEYS])
        reason = f"base and head do not count the same: they differ in {keys}"
        return Judgement(verdict="incomparable", reason=reason)
    doubt = implausible(by_occurring(fp32)) if fp32 else None
    if doubt is not None:
        return Judgement(verdict="incomparable", reason=doubt)
    return judge_accuracy(old, new, pair.limit_points)


def _same_input(job: Job, pair: Pair) -> bool:
    return job.sides[pair.old.side].input_shape == job.sides[pair.new.side].input_shape


def _compare(
    pair: Pair, old: Measured, new: Measured, accuracy: Judgement | None, same_input: bool
) -> Comparison:
    before, after = old.latency, new.latency
    latency, speedup = None, None
    if isinstance(before, Latency) and isinstance(after, Latency):
        latency = judge_latency(before, after)
        if latency.verdict != "incomparable":
            speedup = ratio_interval(before.rounds_ms, after.rounds_ms)
        if same_input and old.artifact.content_hash == new.artifact.content_hash:
            latency = Judgement(verdict="unchanged", reason="the very same model")
    return Comparison(
        kind=pair.kind,
        old=str(pair.old),
        new=str(pair.new),
        accuracy=accuracy,
        speedup=speedup,
        latency=latency,
    )
