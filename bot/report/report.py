"""The report: what was measured and judged, as one value that every format is rendered from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bench.fingerprint import Fingerprint
from bench.judge import Judgement
from bench.result import Failed, Picture
from bench.stats import Interval
from bench.variant import FP32, Side, Variant
from bot.plan.values import REQUESTED, Affected, Skipped
from compress.manifest import Published
from compress.programs.changes import ProgramChange
from core.errors import EXIT_GATE, EXIT_INCOMPLETE, EXIT_OK
from core.finding import Finding
from core.schema import StrictModel

Conclusion = Literal["success", "failure", "action_required", "neutral"]


class VariantReport(StrictModel):
    """The numbers of one variant: accuracy in points, latency in milliseconds. A missing number is
    None, and ``accuracy_missing`` or ``latency_missing`` says why.
    """

    side: Side
    recipe: str
    method: str
    target: str
    metric: str | None
    accuracy_points: Interval | None
    accuracy_missing: str | None
    images: int
    latency_ms: Interval | None
    latency_mean_ms: float | None
    latency_missing: str | None
    runs: int
    size_bytes: int
    peak_memory_bytes: int | None
    int8_ops: dict[str, tuple[int, int]]
    low_precision: str | None
    op_types: tuple[str, ...]
    remarks: tuple[str, ...]
    same_as: str | None
    content_hash: str
    rounds_ms: tuple[tuple[float, ...], ...]

    @property
    def variant(self) -> Variant:
        return Variant(self.side, self.recipe)


ComparisonKind = Literal["vs_base", "vs_fp32", "fp32_vs_base"]
"""Compressed, head against base; head, compressed against fp32; fp32, head against base."""


class Comparison(StrictModel):
    """A comparison of two variants, whose names are ``old`` and ``new``."""

    kind: ComparisonKind
    old: str
    new: str
    accuracy: Judgement | None
    speedup: Interval | None
    latency: Judgement | None


class CaseReport(StrictModel):
    """All about one case on one kind of runner. ``label`` is the name of the case, with that
    of the runner if there are several kinds. ``recorded``: where the result comes from, if no
    runner measured it for this run.
    """

    id: str
    runner: str
    label: str
    model: str
    recipe: str
    config_file: str
    recipe_file: str | None
    because: tuple[str, ...]
    base_problem: str | None
    conclusion: Conclusion
    headline: str
    variants: tuple[VariantReport, ...]
    comparisons: tuple[Comparison, ...]
    failures: tuple[Failed, ...]
    pictures: tuple[Picture, ...]
    machine: str | None
    recorded: str = ""
    weights: str
    data: str
    published: tuple[Published, ...]
    findings: tuple[Finding, ...]
    accepted: bool = False
    reproduce: str
    stage_s: dict[str, float]

    @property
    def is_affected(self) -> bool:
        """Whether a file affects the case; it may run on request alone."""
        return self.because != (REQUESTED,)

    @property
    def before(self) -> VariantReport | None:
        """Head's uncompressed variant."""
        return self.find_variant(Variant("head", FP32))

    @property
    def after(self) -> VariantReport | None:
        """Head's compressed variant."""
        return self.find_variant(Variant("head", self.recipe))

    def find_variant(self, variant: Variant) -> VariantReport | None:
        """The numbers of that variant; None if its model was not built."""
        return next((v for v in self.variants if v.variant == variant), None)

    def find_comparison(self, kind: ComparisonKind) -> Comparison | None:
        """The comparison of that kind; None if one of the variants was not built."""
        return next((c for c in self.comparisons if c.kind == kind), None)


ProgramOutcome = Literal["same", "differs", "fails", "failed before", "missing"]
"""Equal programs; others; head alone cannot be exported; base could not; nobody knows."""


class ProgramReport(StrictModel):
    """Whether changed code alters the program of a model. ``reason``: why that is not known;
    ``settled``: there is nothing to measure.
    """

    config_file: str
    runner: str
    outcome: ProgramOutcome
    conclusion: Conclusion
    reason: str = ""
    change: ProgramChange | None = None
    settled: bool = False


class Report(StrictModel):
    """The report on one change. ``programs``: models that changed code can affect.
    ``code_changes`` are changed code files that took part in measuring
    head, so that its accuracy is only as trustworthy as they are. ``runtimes``: of base and head,
    where one commit is measured in two.
    """

    schema_: Literal["slimgate.report/2"] = Field("slimgate.report/2", alias="schema")
    suite: str
    base: str
    head: str
    budget: str
    conclusion: Conclusion
    headline: str
    next_step: str
    machines: dict[str, Fingerprint]
    cases: tuple[CaseReport, ...]
    programs: tuple[ProgramReport, ...] = ()
    affected: tuple[Affected, ...]
    skipped: tuple[Skipped, ...]
    code_changes: tuple[str, ...] = ()
    runtimes: tuple[str, str] | None = None

    @property
    def exit_code(self) -> int:
        codes = {"success": EXIT_OK, "failure": EXIT_GATE}
        return codes.get(self.conclusion, EXIT_INCOMPLETE)
