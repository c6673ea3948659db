"""Assembles the report from a plan and its results: numbers, verdicts, gate. Pure after loading."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import numpy as np

from bench.job import FP32, Job, Plan, Skipped
from bench.judge import Judgement, Scored, implausible, in_points, judge_accuracy, judge_latency
from bench.result import Accuracy, Failed, Measured, variant_name
from bench.stats import median_interval, ratio_interval, score_interval
from bot.acceptance import Acceptance, find_acceptance
from bot.diagnosis import diagnose_case
from bot.gate import conclude, conclude_case, summarise
from bot.report import CaseReport, Comparison, Report, VariantReport
from bot.request import RunRequest
from bot.results import ByRunner, Loaded, Unusable, Usable
from compress.finding import Finding

REGRESSION = "SG900"
"""Accuracy fell with the change of a line."""


def build_report(
    plan: Plan,
    results: ByRunner,
    acceptances: Sequence[Acceptance] = (),
    left_out: Sequence[str] = (),
) -> Report:
    """Judges every job of the plan on every kind of runner; one without a usable result is
    missing, never passed, and so is a kind that was left out. A regression that a maintainer
    accepted passes, and says so.
    """
    plan = _without_runners(plan, left_out)
    cases = tuple(
        _accept(_case(plan, job, runner, results), find_acceptance(job, acceptances))
        for runner in results
        for job in plan.jobs
    )
    conclusion = conclude(plan, cases)
    loaded = [one for of_runner in results.values() for one in of_runner.values()]
    usable = [one.result for one in loaded if isinstance(one, Usable)]
    machines = {result.fingerprint.identity: result.fingerprint for result in usable}
    headline, next_step = summarise(plan, cases, conclusion)
    return Report(
        suite=plan.suite,
        base=plan.base,
        head=plan.head,
        budget=plan.budget_name,
        conclusion=conclusion,
        headline=headline,
        next_step=next_step,
        machines=machines,
        cases=cases,
        affected=plan.affected,
        skipped=plan.skipped,
        code_changes=plan.code_changes if cases else (),
    )


def unplanned_report(asked: RunRequest, problem: str) -> Report:
    """What to say of a change that cannot be planned, such as one that breaks a config."""
    return Report(
        suite="",
        base=asked.base,
        head=asked.head,
        budget=asked.budget,
        conclusion="action_required",
        headline="This change cannot be planned.",
        next_step=problem,
        machines={},
        cases=(),
        affected=(),
        skipped=(),
    )


def _without_runners(plan: Plan, left_out: Sequence[str]) -> Plan:
    """The plan with what is not measured on some kinds of runners as skipped."""
    reason = "it was not asked to measure this time"
    skipped = (
        Skipped(case=f"every case on the runner {kind}", reason=reason, needed=True)
        for kind in (left_out if plan.jobs else ())
    )
    return plan.model_copy(update={"skipped": (*plan.skipped, *skipped)})


def _case(plan: Plan, job: Job, runner: str, results: ByRunner) -> CaseReport:
    loaded = results[runner].get(job.id, Unusable("no result arrived"))
    result = loaded.result if isinstance(loaded, Usable) else None
    measured = [v for v in result.variants if isinstance(v, Measured)] if result else []
    failures = tuple(v for v in result.variants if isinstance(v, Failed)) if result else ()
    scored = {_name(v): _scored(v, loaded) for v in measured}
    comparisons = _comparisons(job, measured, scored)
    conclusion, headline = conclude_case(job, loaded, measured, failures, comparisons)
    return CaseReport(
        id=job.id,
        runner=runner,
        label=job.id if len(results) == 1 else f"{job.id} on {runner}",
        model=job.model,
        recipe=job.recipe,
        config_file=job.config_file,
        recipe_file=job.recipe_file,
        because=job.because,
        base_problem=job.base_problem,
        conclusion=conclusion,
        headline=headline,
        variants=tuple(_variant(v, scored[_name(v)]) for v in measured),
        comparisons=comparisons,
        failures=failures,
        pictures=result.pictures if result else (),
        machine=result.fingerprint.identity if result else None,
        weights=result.weights if result else "unknown",
        data=result.data if result else "unknown",
        published=job.published,
        findings=(
            *(_findings(plan, job, headline) if conclusion == "failure" else ()),
            *diagnose_case(plan, job, result),
        ),
        reproduce=_reproduce(plan, job),
        stage_s=result.stage_s if result else {},
    )


def _accept(case: CaseReport, acceptance: Acceptance | None) -> CaseReport:
    if acceptance is None or case.conclusion != "failure":
        return case
    headline = f"regression accepted by {acceptance.author}: {acceptance.reason} ({case.headline})"
    others = tuple(one for one in case.findings if one.code != REGRESSION)
    changes = {"conclusion": "success", "headline": headline, "accepted": True}
    return case.model_copy(update={**changes, "findings": others})


def _findings(plan: Plan, job: Job, headline: str) -> tuple[Finding, ...]:
    """A regression, at every changed line of the files through which it came."""
    affecting = [one for one in plan.affected if one.config in job.because]
    files = {reason.changed for one in affecting for reason in one.reasons}
    return tuple(
        Finding(
            code=REGRESSION,
            severity="error",
            message=f"{job.id}: {headline}. This line was: {line.before.strip()}",
            file=line.file,
            line=line.line,
            fix=line.before,
        )
        for line in plan.changed_lines
        if line.file in files
    )


def _reproduce(plan: Plan, job: Job) -> str:
    """The command that runs this case on a checkout of one's own."""
    words = ["slimgate", "run", "--suite", plan.manifest_name, "--repo", "."]
    words += ["--base", plan.base[:12], "--head", plan.head[:12], "--models", job.model]
    words += ["--budget", plan.budget_name]
    words += ["--data", plan.data] if plan.data else []
    return shlex.join([*words, "--out", "out"])


def _name(variant: Measured) -> str:
    return variant_name(variant.side, variant.recipe)


def _scored(variant: Measured, loaded: Loaded) -> Scored | None:
    if not isinstance(variant.accuracy, Accuracy) or isinstance(loaded, Unusable):
        return None
    statistics = loaded.statistics[_name(variant)]
    return Scored(variant.accuracy, statistics, variant.artifact.content_hash)


def _variant(variant: Measured, scored: Scored | None) -> VariantReport:
    samples = np.concatenate([np.asarray(r) for r in variant.latency.rounds_ms])
    proof = variant.proof
    return VariantReport(
        side=variant.side,
        recipe=variant.recipe,
        method=variant.artifact.method,
        target=variant.latency.target,
        metric=scored.accuracy.metric if scored else None,
        accuracy_points=in_points(score_interval(scored.statistics)) if scored else None,
        accuracy_missing=None
        if isinstance(variant.accuracy, Accuracy)
        else (f"not measured: {variant.accuracy.reason}"),
        images=scored.accuracy.images if scored else 0,
        latency_ms=median_interval(variant.latency.rounds_ms),
        latency_mean_ms=float(samples.mean()),
        runs=len(samples),
        size_bytes=variant.artifact.size_bytes,
        peak_memory_bytes=variant.latency.peak_memory_bytes,
        int8_ops=dict(proof.ops) if proof else {},
        low_precision=proof.precision if proof else None,
        op_types=proof.op_types if proof else (),
        remarks=variant.artifact.remarks,
        same_as=variant.same_as,
        content_hash=variant.artifact.content_hash,
        rounds_ms=variant.latency.rounds_ms,
    )


def _comparisons(
    job: Job, measured: list[Measured], scored: dict[str, Scored | None]
) -> tuple[Comparison, ...]:
    """Head against base, and compressed against fp32 on head."""
    limits = job.gate
    pairs = (
        (
            "compressed: head against base",
            f"base {job.recipe}",
            f"head {job.recipe}",
            limits.max_drop_vs_base_points,
        ),
        (
            "head: compressed against fp32",
            f"head {FP32}",
            f"head {job.recipe}",
            limits.max_drop_vs_fp32_points,
        ),
        ("fp32: head against base", f"base {FP32}", f"head {FP32}", limits.max_drop_vs_base_points),
    )
    by_name = {_name(v): v for v in measured}
    found = []
    for name, old, new, limit in pairs:
        if old in by_name and new in by_name:
            fp32 = scored.get(f"{old.split()[0]} {FP32}")
            judgement = _judge(scored[old], scored[new], fp32, limit)
            found.append(_compare(name, by_name[old], by_name[new], judgement))
    return tuple(found)


def _judge(
    old: Scored | None, new: Scored | None, fp32: Scored | None, limit: float
) -> Judgement | None:
    if old is None or new is None:
        return None
    doubt = implausible(fp32.accuracy) if fp32 else None
    if doubt is not None:
        return Judgement(verdict="incomparable", reason=doubt)
    return judge_accuracy(old, new, limit)


def _compare(name: str, old: Measured, new: Measured, accuracy: Judgement | None) -> Comparison:
    latency = judge_latency(old.latency, new.latency)
    same = old.artifact.content_hash == new.artifact.content_hash
    comparable = latency.verdict != "incomparable"
    return Comparison(
        name=name,
        old=_name(old),
        new=_name(new),
        accuracy=accuracy,
        speedup=ratio_interval(old.latency.rounds_ms, new.latency.rounds_ms)
        if comparable
        else None,
        latency=Judgement(verdict="unchanged", reason="the very same model") if same else latency,
    )
