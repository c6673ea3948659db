"""The gate: turns verdicts and failures into conclusions and the words for them. Pure."""

from __future__ import annotations

from bench.job import Plan
from bench.result import Accuracy, Failed, JobResult, Measured
from bot.report import CaseReport, Comparison, Conclusion


def conclude_case(
    result: JobResult | None,
    measured: list[Measured],
    failures: tuple[Failed, ...],
    comparisons: tuple[Comparison, ...],
) -> tuple[Conclusion, str]:
    """The conclusion of one case and its headline: a regression outweighs what is missing, and
    what is missing outweighs what passed.
    """
    judged = [(c, c.accuracy) for c in comparisons if c.accuracy is not None]
    for comparison, judgement in judged:
        if judgement.verdict == "regressed":
            return "failure", f"{comparison.name}: accuracy {judgement.reason}"
    if result is None:
        return "action_required", "no result arrived"
    if failures:
        first = failures[0]
        return "action_required", f"{first.side} {first.recipe}: {first.stage}: {first.message}"
    for comparison, judgement in judged:
        if judgement.verdict in ("inconclusive", "incomparable"):
            return "action_required", f"{comparison.name}: {judgement.reason}"
    if not judged:
        missing = next(
            (v.accuracy.reason for v in measured if not isinstance(v.accuracy, Accuracy)),
            "one side only",
        )
        return "neutral", f"accuracy not measured: {missing}; latency and size are"
    return "success", "accuracy within its limits"


def conclude(cases: tuple[CaseReport, ...]) -> Conclusion:
    """The worst conclusion; no case at all is a success, since nothing is affected."""
    order: tuple[Conclusion, ...] = ("failure", "action_required", "neutral", "success")
    found = {case.conclusion for case in cases}
    return next((conclusion for conclusion in order if conclusion in found), "success")


def summarise(plan: Plan, cases: tuple[CaseReport, ...], conclusion: Conclusion) -> tuple[str, str]:
    """The report's headline and the next step."""
    worst = [case for case in cases if case.conclusion == conclusion]
    names = ", ".join(case.id for case in worst[:3]) + (", …" if len(worst) > 3 else "")
    if not cases:
        differing = len(plan.affected)
        changed = (
            f"{differing} configs differ, none needs a run" if differing else "no content differs"
        )
        return f"Nothing to measure: {changed}.", "Nothing to do."
    if conclusion == "failure":
        return (
            f"Accuracy regressed: {names}.",
            f"Undo or mend the change in {worst[0].because[0]}, then run again.",
        )
    if conclusion == "action_required":
        return (f"Incomplete: {names}.", f"{worst[0].headline}. Mend it and run again.")
    if conclusion == "neutral":
        return (
            f"Accuracy could not be judged: {names}.",
            "Provide weights and data to gate on accuracy; latency and size are below.",
        )
    count = "the one affected case" if len(cases) == 1 else f"all {len(cases)} affected cases"
    return f"Accuracy is within its limits for {count}.", "Nothing to do."
