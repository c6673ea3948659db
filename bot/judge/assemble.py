"""Assembles the report from a plan and its results: numbers, verdicts, gate. Pure after loading."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from bench.fingerprint import Fingerprint
from bench.job import Job
from bench.judge import Scored, in_points
from bench.programs import settled_configs
from bench.proven import PrecisionProof
from bench.result import Accuracy, Latency, Measured, NotMeasured, Stopped, failures_of
from bench.stats import median_interval, score_interval
from bot.judge.acceptance import Acceptance, find_acceptance
from bot.judge.comparisons import compare_variants, score_variants
from bot.judge.diagnosis import diagnose_case
from bot.judge.gate import conclude, conclude_case, conclude_rest, summarise
from bot.judge.programs import LoadedPrograms, judge_programs
from bot.judge.results import ByRunner, Loaded, Unusable, Usable
from bot.plan.request import RunRequest
from bot.plan.values import Plan, Skipped
from bot.report.report import CaseReport, Conclusion, Report, VariantReport
from core.finding import Finding

REGRESSION = "SG900"
"""The code of a finding that points a regression at a changed line."""
NO_PROGRAMS: Mapping[str, LoadedPrograms] = {}
UNPLANNED = "This change cannot be planned."


def build_report(
    plan: Plan,
    results: ByRunner,
    acceptances: Sequence[Acceptance] = (),
    left_out: Sequence[str] = (),
    programs: Mapping[str, LoadedPrograms] = NO_PROGRAMS,
) -> Report:
    """Judges every job and candidate of the plan on every kind of runner. A job without a usable
    result, or a kind of runner that was left out, counts as missing and never passes. An accepted
    regression passes, and its headline says so.
    """
    plan = _without_runners(plan, left_out)
    cases, machines = _judge_all(plan, results, programs, acceptances)
    compared = judge_programs(plan, programs, {case.config_file for case in cases})
    conclusion = conclude(plan, cases, compared)
    headline, next_step = summarise(plan, cases, conclusion, compared)
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
        programs=compared,
        affected=plan.affected,
        skipped=plan.skipped,
        code_changes=plan.code_changes if cases or compared else (),
        runtimes=plan.runtimes,
    )


def _judge_all(
    plan: Plan,
    results: ByRunner,
    programs: Mapping[str, LoadedPrograms],
    acceptances: Sequence[Acceptance],
) -> tuple[tuple[CaseReport, ...], dict[str, Fingerprint]]:
    """Every case, and the machines by identity. Each result is let go before the next is loaded.
    A job that a candidate's program settles is no case.
    """
    cases: list[CaseReport] = []
    machines: dict[str, Fingerprint] = {}
    for runner, by_job in results.items():
        compared = programs.get(runner, LoadedPrograms()).compared
        settled = settled_configs(plan.candidates, compared.values())
        for job in plan.jobs:
            if job.only_by_code and job.config_file in settled:
                continue
            loaded = by_job.get(job.id, Unusable("no result arrived"))
            label = job.id if len(results) == 1 else f"{job.id} on {runner}"
            if isinstance(loaded, Usable) and loaded.result.recorded:
                label += " (recorded)"
            acceptance = find_acceptance(job, acceptances)
            cases.append(_case(plan, job, loaded, runner, label, acceptance))
            if isinstance(loaded, Usable):
                machines[loaded.result.fingerprint.identity] = loaded.result.fingerprint
    return tuple(cases), machines


def unplanned_report(admitted: RunRequest, problem: str, headline: str = UNPLANNED) -> Report:
    """The report on a change without a plan, such as one that breaks a config."""
    return Report(
        suite="",
        base=admitted.base_commit or admitted.base,
        head=admitted.head,
        budget=admitted.budget,
        conclusion="action_required",
        headline=headline,
        next_step=problem,
        machines={},
        cases=(),
        affected=(),
        skipped=(),
    )


def _without_runners(plan: Plan, left_out: Sequence[str]) -> Plan:
    """The plan, with its cases on the kinds of runners that were left out as skipped."""
    reason = "this kind of runner was not requested this time"
    skipped = (
        Skipped(case=f"every case on the runner {kind}", reason=reason, needed=True)
        for kind in (left_out if plan.runs else ())
    )
    return plan.model_copy(update={"skipped": (*plan.skipped, *skipped)})


def _case(
    plan: Plan, job: Job, loaded: Loaded, runner: str, label: str, acceptance: Acceptance | None
) -> CaseReport:
    result = loaded.result if isinstance(loaded, Usable) else None
    measured = [v for v in result.variants if isinstance(v, Measured)] if result else []
    failures = failures_of(result) if result else ()
    scored = dict(score_variants(loaded))
    comparisons = tuple(compare_variants(job, measured, scored))
    facts = (job, loaded, measured, failures, comparisons)
    conclusion, headline = conclude_case(*facts)
    case = CaseReport(
        id=job.id,
        runner=runner,
        label=label,
        model=job.model,
        recipe=job.recipe,
        config_file=job.config_file,
        recipe_file=job.recipe_file,
        because=tuple(dict.fromkeys(_causes(plan, job))),
        base_problem=job.base_problem,
        conclusion=conclusion,
        headline=headline,
        variants=tuple(_variant(job, v, scored.get(v.variant)) for v in measured),
        comparisons=comparisons,
        failures=failures,
        pictures=result.pictures if result else (),
        machine=result.fingerprint.identity if result else None,
        recorded=result.recorded if result else "",
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
    if acceptance is None or conclusion != "failure":
        return case
    return _accept(case, acceptance, *conclude_rest(*facts))


def _causes(plan: Plan, job: Job) -> Iterator[str]:
    """The files through which a case is affected; of a config that code alone affects, the code."""
    by_code = {item.config: item for item in plan.affected if item.change == "code"}
    for file in job.because:
        reasons = by_code[file].reasons if file in by_code else ()
        yield from (str(reason) for reason in reasons) if reasons else (file,)


def _accept(
    case: CaseReport, acceptance: Acceptance, conclusion: Conclusion, rest: str
) -> CaseReport:
    """The case without its regression: with the conclusion and the headline of the rest of it."""
    headline = f"regression accepted by {acceptance.author}: {acceptance.reason} ({case.headline})"
    passed = conclusion == "success"
    return case.model_copy(
        update={
            "conclusion": conclusion,
            "headline": headline if passed else f"{rest}; {headline}",
            "accepted": passed,
            "findings": tuple(f for f in case.findings if f.code != REGRESSION),
        }
    )


def _findings(plan: Plan, job: Job, headline: str) -> tuple[Finding, ...]:
    """The regression as a finding at every changed line of the files that affect the case."""
    affecting = [item for item in plan.affected if item.config in job.because]
    files = {reason.changed for item in affecting for reason in item.reasons}
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
    """The command that runs this case again on your own checkout."""
    words = ["slimgate", "run", "--suite", plan.manifest_name, "--repo", "."]
    words += ["--base", plan.base[:12]] if plan.runtimes is None else []
    words += ["--head", plan.head[:12], "--models", job.model]
    words += [word for name in plan.runtimes or () for word in ("--runtime", name)]
    words += ["--budget", plan.budget_name]
    words += ["--data", plan.data] if plan.data else []
    words += ["--sandbox"] if any(side.change for side in job.sides.values()) else []
    return shlex.join([*words, "--out", "out"])


def _input_remarks(job: Job, variant: Measured) -> Iterator[str]:
    """That head's size is not base's, which alone makes a model faster or slower."""
    base = job.sides.get("base")
    shape = job.sides[variant.side].input_shape
    if base is not None and shape != base.input_shape:
        sizes = ["x".join(map(str, axes)) for axes in (shape, base.input_shape)]
        yield f"its input is {sizes[0]}; base's is {sizes[1]}"


def _variant(job: Job, variant: Measured, scored: Scored | None) -> VariantReport:
    latency, proof = variant.latency, variant.proof
    timed = latency if isinstance(latency, Latency) else None
    proven = proof if isinstance(proof, PrecisionProof) else None
    samples = [ms for samples in timed.rounds_ms for ms in samples] if timed else []
    return VariantReport(
        side=variant.side,
        recipe=variant.recipe,
        method=variant.artifact.method,
        target=variant.target_name,
        metric=scored.accuracy.metric if scored else None,
        accuracy_points=in_points(score_interval(scored.statistics)) if scored else None,
        accuracy_missing=_missing(variant.accuracy),
        images=scored.accuracy.images if scored else 0,
        latency_ms=median_interval(timed.rounds_ms) if timed else None,
        latency_mean_ms=fmean(samples) if samples else None,
        latency_missing=_missing(latency),
        runs=len(samples),
        size_bytes=variant.artifact.size_bytes,
        peak_memory_bytes=timed.peak_memory_bytes if timed else None,
        int8_ops=dict(proven.ops) if proven else {},
        low_precision=proven.precision if proven else None,
        op_types=proven.op_types if proven else (),
        remarks=(
            *_input_remarks(job, variant),
            *_gpu_remarks(timed, proven),
            *variant.artifact.remarks,
        ),
        same_as=variant.same_as,
        content_hash=variant.artifact.content_hash,
        rounds_ms=timed.rounds_ms if timed else (),
    )


def _gpu_remarks(timed: Latency | None, proven: PrecisionProof | None) -> Iterator[str]:
    """How TensorRT runs the model, and what the GPU was like meanwhile."""
    if proven is not None and proven.tensorrt is not None:
        yield str(proven.tensorrt)
    if timed is not None and timed.gpu is not None:
        yield str(timed.gpu)


def _missing(part: Accuracy | Latency | NotMeasured | Stopped) -> str | None:
    """Why there is no number; None if there is one."""
    if isinstance(part, NotMeasured):
        return f"not measured: {part.reason}"
    return f"failed at {part.stage}" if isinstance(part, Stopped) else None
