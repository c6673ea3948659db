"""The report: what was measured and judged, as a value that every form is rendered from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bench.fingerprint import Fingerprint
from bench.job import Affected, Skipped
from bench.judge import Judgement
from bench.result import Failed, Picture
from bench.stats import Interval
from compress.errors import EXIT_GATE, EXIT_INCOMPLETE, EXIT_OK
from compress.finding import Finding
from compress.manifest import Published
from compress.schema import StrictModel

Conclusion = Literal["success", "failure", "action_required", "neutral"]


class VariantReport(StrictModel):
    """One row of numbers. Accuracy in points; latency in milliseconds."""

    side: str
    recipe: str
    method: str
    target: str
    metric: str | None
    accuracy_points: Interval | None
    accuracy_missing: str | None
    images: int
    latency_ms: Interval
    latency_mean_ms: float
    runs: int
    size_bytes: int
    peak_memory_bytes: int
    int8_ops: dict[str, tuple[int, int]]
    low_precision: str | None
    op_types: tuple[str, ...]
    remarks: tuple[str, ...]
    same_as: str | None
    content_hash: str
    rounds_ms: tuple[tuple[float, ...], ...]


class Comparison(StrictModel):
    """Two variants against each other."""

    name: str
    old: str
    new: str
    accuracy: Judgement | None
    speedup: Interval | None
    latency: Judgement | None


class CaseReport(StrictModel):
    """All that is known of one case on one kind of runner. ``label`` is how it is called: the case,
    and the runner where there are several kinds.
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
    weights: str
    data: str
    published: tuple[Published, ...]
    findings: tuple[Finding, ...]
    accepted: bool = False
    reproduce: str
    stage_s: dict[str, float]

    def find_variant(self, name: str) -> VariantReport | None:
        """The variant named ``SIDE RECIPE``."""
        return next((v for v in self.variants if f"{v.side} {v.recipe}" == name), None)


class Report(StrictModel):
    """The whole answer to one change. ``code_changes`` are changed files among those that measured
    head: accuracy is their word then.
    """

    schema_: Literal["slimgate.report/1"] = Field("slimgate.report/1", alias="schema")
    suite: str
    base: str
    head: str
    budget: str
    conclusion: Conclusion
    headline: str
    next_step: str
    machines: dict[str, Fingerprint]
    cases: tuple[CaseReport, ...]
    affected: tuple[Affected, ...]
    skipped: tuple[Skipped, ...]
    code_changes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        codes = {"success": EXIT_OK, "failure": EXIT_GATE}
        return codes.get(self.conclusion, EXIT_INCOMPLETE)
