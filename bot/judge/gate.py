"""The gate: turns verdicts and failures into conclusions and headlines. Pure."""

from __future__ import annotations

from bench.job import Job
from bench.judge import Judgement
from bench.result import Failed, Measured, NotMeasured
from bot.judge.programs import used_definitions
from bot.judge.results import Loaded, Unusable
from bot.plan.values import Plan, Skipped
from bot.report.report import CaseReport, Comparison, Conclusion, ProgramReport
from bot.report.table import COMPARISONS

DONE = "Nothing to do."


def conclude_case(
    job: Job,
    loaded: Loaded,
    measured: list[Measured],
    failures: tuple[Failed, ...],
    comparisons: tuple[Comparison, ...],
) -> tuple[Conclusion, str]:
    """The conclusion of one case and its headline. A regression outweighs what is missing, and what
    is missing outweighs what passed.
    """
    for name, judgement in _judged(comparisons):
        if judgement.verdict == "regressed":
            return "failure", f"{name}: accuracy {judgement.reason}"
    return conclude_rest(job, loaded, measured, failures, comparisons)


def conclude_rest(
    job: Job,
    loaded: Loaded,
    measured: list[Measured],
    failures: tuple[Failed, ...],
    comparisons: tuple[Comparison, ...],
) -> tuple[Conclusion, str]:
    """The conclusion of one case apart from its regressions, and its headline. Neutral, which
    GitHub lets pass, is only a case that nobody could have measured: neither side has an accuracy.
    """
    judged = _judged(comparisons)
    if isinstance(loaded, Unusable):
        return "action_required", f"no usable result: {loaded.reason}"
    unscored = [(v, v.accuracy.reason) for v in measured if isinstance(v.accuracy, NotMeasured)]
    obstacle = (
        _failed(failures)
        or _missing_variant(job, measured)
        or _blocked(measured)
        or _undecided(judged)
    )
    if obstacle is not None:
        return "action_required", obstacle
    if unscored and len(unscored) < len(measured):
        variant, reason = unscored[0]
        return "action_required", f"{variant.side} {variant.recipe}: not measured: {reason}"
    if unscored and job.weights is not None and job.weights.path is not None:
        return "action_required", f"accuracy not measured: {unscored[0][1]}"
    if unscored:
        return "neutral", f"accuracy not measured: {unscored[0][1]}; latency and size are"
    if not judged:
        return "action_required", "nothing to compare"
    return "success", "accuracy within its limits"


def _judged(comparisons: tuple[Comparison, ...]) -> list[tuple[str, Judgement]]:
    """The verdicts on accuracy, each with the name of its comparison."""
    return [(COMPARISONS[c.kind], c.accuracy) for c in comparisons if c.accuracy is not None]


def _failed(failures: tuple[Failed, ...]) -> str | None:
    """The first failure, in words."""
    return next((f"{f.side} {f.recipe}: {f.stage}: {f.message}" for f in failures), None)


def _blocked(measured: list[Measured]) -> str | None:
    """What somebody has to cure before accuracy can be measured, in words; head's comes first."""
    parts = [(v.side, v.accuracy) for v in measured if isinstance(v.accuracy, NotMeasured)]
    blocked = [(side, accuracy) for side, accuracy in parts if accuracy.blocking]
    if not blocked:
        return None
    sides = " and ".join(sorted({side for side, _ in blocked}))
    _, last = max(blocked, key=lambda part: part[0])
    details = f": {last.details}" if last.details else ""
    return f"{sides}: accuracy not measured: {last.reason}{details}"


def _undecided(judged: list[tuple[str, Judgement]]) -> str | None:
    """The first comparison without a clear verdict, in words."""
    undecided = ("inconclusive", "incomparable")
    return next((f"{name}: {j.reason}" for name, j in judged if j.verdict in undecided), None)


def _missing_variant(job: Job, measured: list[Measured]) -> str | None:
    """The first planned variant that the result does not contain, in words."""
    present = {v.variant for v in measured}
    missing = [variant for variant in job.variants() if variant not in present]
    return f"the result lacks {missing[0]}" if missing else None


def conclude(
    plan: Plan, cases: tuple[CaseReport, ...], programs: tuple[ProgramReport, ...] = ()
) -> Conclusion:
    """The worst conclusion of all cases and programs. No case at all is a success, since nothing is
    affected, unless changed code affects models that nothing is known of. A case that should have
    run and did not makes the report incomplete.
    """
    order: tuple[Conclusion, ...] = ("failure", "action_required", "neutral", "success")
    conclusions = {case.conclusion for case in cases} | {item.conclusion for item in programs}
    if plan.held:
        return "action_required"
    if any(skipped.needed for skipped in plan.skipped):
        conclusions.add("action_required")
    if not cases and affected_by_code(plan) and not _all_settled(plan, programs):
        conclusions.add("neutral")
    return next((conclusion for conclusion in order if conclusion in conclusions), "success")


def affected_by_code(plan: Plan) -> int:
    """How many models can use code that differs, other than in training."""
    return sum(bool(set(item.code_impacts) - {"training"}) for item in plan.affected)


def _all_settled(plan: Plan, programs: tuple[ProgramReport, ...]) -> bool:
    """Whether nothing is left to measure: equal programs use all that differs. This change is not
    to blame for a broken base.
    """
    others = [item for item in programs if not item.settled]
    if len(others) == len(programs) or any(item.outcome != "failed before" for item in others):
        return False
    settled = used_definitions(plan, {item.config_file for item in programs if item.settled})
    used = used_definitions(plan, {item.config_file for item in plan.candidates})
    return settled == used


def _count(skipped: list[Skipped]) -> str:
    """``1 case``, ``2 configs``, or for both kinds together ``3 cases and configs``."""
    kinds = [kind for kind in ("case", "config") if any(getattr(s, kind) for s in skipped)]
    plural = "" if len(skipped) == 1 else "s"
    return f"{len(skipped)} {' and '.join(kind + plural for kind in kinds)}"


def _remedy(regressed: CaseReport) -> str:
    if regressed.is_affected:
        return f"Undo or correct the change in {regressed.because[0]}, then run again."
    return (
        f"No changed file affects {regressed.label}: look for the cause in {regressed.config_file} "
        "and its recipe, then run again."
    )


def summarise(
    plan: Plan,
    cases: tuple[CaseReport, ...],
    conclusion: Conclusion,
    programs: tuple[ProgramReport, ...] = (),
) -> tuple[str, str]:
    """The report's headline and the next step."""
    if plan.held:
        return "Waiting for a maintainer.", plan.held
    worst = [case for case in cases if case.conclusion == conclusion]
    if conclusion == "action_required":
        return _incomplete(plan, worst, programs)
    if not worst:
        return _nothing_measured(plan, programs)
    if conclusion == "failure":
        return f"Accuracy regressed: {_labels(worst)}.", _remedy(worst[0])
    if conclusion == "neutral":
        return (
            f"Accuracy could not be judged: {_labels(worst)}.",
            "Provide weights and data to gate on accuracy; latency and size are below.",
        )
    accepted = [case for case in cases if case.accepted]
    if accepted:
        return f"Regressed, and accepted by a maintainer: {_labels(accepted)}.", DONE
    count = "the one affected case" if len(cases) == 1 else f"all {len(cases)} affected cases"
    return f"Accuracy is within its limits for {count}{_and_same(programs)}.", DONE


def _labels(cases: list[CaseReport]) -> str:
    return ", ".join(case.label for case in cases[:3]) + (", …" if len(cases) > 3 else "")


def _incomplete(
    plan: Plan, worst: list[CaseReport], programs: tuple[ProgramReport, ...]
) -> tuple[str, str]:
    """What is missing, and the first thing to mend."""
    if worst:
        next_step = f"{worst[0].headline.rstrip('.')}. Fix this and run again."
        return f"Incomplete: {_labels(worst)}.", next_step
    broken = [item for item in programs if item.conclusion == "action_required"]
    fails = [item for item in broken if item.outcome == "fails"]
    if broken:
        first = (fails or broken)[0]
        reason = first.reason.rstrip(".")
        if not fails:
            return f"Incomplete: {_models(broken)} not compared.", f"{reason}. Run again."
        headline = f"Incomplete: {_models(fails)} cannot be exported any more."
        return headline, f"{first.config_file}: {reason}. Fix this and run again."
    needed = [skipped for skipped in plan.skipped if skipped.needed]
    name = needed[0].case or needed[0].config
    return f"Incomplete: {_count(needed)} did not run.", f"{name}: {needed[0].reason}."


def _nothing_measured(plan: Plan, programs: tuple[ProgramReport, ...]) -> tuple[str, str]:
    """No case has the conclusion: what changed code means for models that nobody measured."""
    by_code = affected_by_code(plan)
    affected = "1 model" if by_code == 1 else f"{by_code} models"
    altered = [item for item in programs if item.conclusion == "neutral"]
    if _all_settled(plan, programs):
        compared = len({item.config_file for item in programs if item.settled})
        which = affected if compared == by_code else f"{compared} of {affected}"
        programs_of = (
            "program of 1 model as it was"
            if which == "1 model"
            else (f"programs of {which} as they were")
        )
        return f"Nothing to measure: changed code leaves the {programs_of}.", DONE
    if altered:
        headline = f"Not measured: changed code alters the programs of {_models(altered)}."
        return headline, "List one of them in the manifest, then run again."
    if by_code and programs:
        return (
            f"Not measured: changed code affects {affected}; equal programs do not settle all.",
            "List one of them in the manifest, then run again.",
        )
    if by_code:
        return (
            f"Not measured: changed code affects {affected}, and the manifest lists none of them.",
            "List one of them in the manifest, then run again.",
        )
    count = len(plan.affected)
    none = "no model uses the code that differs" if plan.code_changes else "no content differs"
    reasons = {0: none, 1: "the only affected config needs no run"}
    several = f"none of the {count} affected configs needs a run"
    return f"Nothing to measure: {reasons.get(count, several)}.", DONE


def _and_same(programs: tuple[ProgramReport, ...]) -> str:
    same = {item.config_file for item in programs if item.outcome == "same"}
    if not same:
        return ""
    return f"; the program of {'1 model' if len(same) == 1 else f'{len(same)} models'} is the same"


def _models(programs: list[ProgramReport]) -> str:
    count = len({item.config_file for item in programs})
    return "1 model" if count == 1 else f"{count} models"
