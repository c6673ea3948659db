"""The rows of the main table as plain text cells, for every format of the report."""

from __future__ import annotations

from dataclasses import dataclass

from bench.stats import Interval
from bot.report.report import CaseReport, Comparison, ComparisonKind, Report, VariantReport
from bot.text.quantities import half_width, milliseconds
from compress.doctor.rules import find_rule
from compress.manifest import Published
from core.finding import Finding

MARKS = {"success": "✅", "failure": "❌", "action_required": "⚠️", "neutral": "⚪"}
WORDS = {
    "success": "passed",
    "failure": "accuracy regressed",
    "action_required": "incomplete",
    "neutral": "accuracy not judged",
}
COMPARISONS: dict[ComparisonKind, str] = {
    "vs_base": "compressed: head against base",
    "vs_fp32": "head: compressed against fp32",
    "fp32_vs_base": "fp32: head against base",
}
"""The name of each kind of comparison, as people read it."""
HEADERS = (
    "",
    "model",
    "recipe",
    "accuracy fp32",
    "accuracy compressed",
    "against fp32",
    "against base",
    "latency fp32",
    "latency compressed",
    "speed-up",
    "size",
)


@dataclass(frozen=True)
class Row:
    """One case in the main table."""

    case: CaseReport
    cells: tuple[str, ...]


def rows_by_runner(report: Report) -> dict[tuple[str, str | None, str], list[Row]]:
    """One table for each kind of runner, machine (None for cases without a result) and source of
    recorded results (empty for those that were measured).
    """
    tables: dict[tuple[str, str | None, str], list[Row]] = {}
    for case in report.cases:
        key = (case.runner, case.machine, case.recorded)
        tables.setdefault(key, []).append(Row(case, _cells(case)))
    return tables


def _cells(case: CaseReport) -> tuple[str, ...]:
    before, after = case.before, case.after
    against_fp32, against_base = case.find_comparison("vs_fp32"), case.find_comparison("vs_base")
    return (
        MARKS[case.conclusion],
        case.model,
        case.recipe,
        accuracy(before),
        accuracy(after),
        change(against_fp32),
        change(against_base),
        latency(before),
        latency(after),
        speedup(against_fp32),
        size(before, after),
    )


def accuracy(variant: VariantReport | None) -> str:
    """``mIoU 76.58``, or why there is no accuracy."""
    if variant is None:
        return "failed"
    if variant.accuracy_points is None:
        return variant.accuracy_missing or "not measured"
    return f"{variant.metric} {variant.accuracy_points.value:.2f}"


def accuracy_value(variant: VariantReport | None) -> str:
    """The number alone; ``?`` if there is none."""
    return f"{variant.accuracy_points.value:.2f}" if variant and variant.accuracy_points else "?"


def latency_value(variant: VariantReport | None) -> str:
    """The median alone; ``?`` if there is none."""
    return milliseconds(variant.latency_ms.value) if variant and variant.latency_ms else "?"


def mean_latency(variant: VariantReport) -> str:
    """``4.02 ms``; a dash if latency was not measured."""
    mean_ms = variant.latency_mean_ms
    return "–" if mean_ms is None else f"{milliseconds(mean_ms)} ms"


def peak_memory(variant: VariantReport) -> str:
    """``240 MB``; a dash if it was not measured."""
    peak_bytes = variant.peak_memory_bytes
    return "–" if peak_bytes is None else f"{peak_bytes / 1e6:.0f} MB"


def remedy(finding: Finding) -> str:
    """What the finding's rule says to do about it; empty for a finding without a rule."""
    rule = find_rule(finding.code)
    return rule.remedy if rule else ""


def place(finding: Finding) -> str:
    """``line 3``; empty if the finding has no line."""
    return "" if finding.line is None else f"line {finding.line}"


def change(comparison: Comparison | None) -> str:
    """``−0.42 [−0.61, −0.20]`` in points, the verdict if there is no change, or a dash."""
    if comparison is None or comparison.accuracy is None:
        return "–"
    if comparison.accuracy.change_points is None:
        return comparison.accuracy.verdict
    return f"{signed(comparison.accuracy.change_points)}"


def latency(variant: VariantReport | None) -> str:
    """``4.00 ±0.05 ms``: the median and half the width of its interval; or why there is none."""
    if variant is None:
        return "failed"
    if variant.latency_ms is None:
        return variant.latency_missing or "not measured"
    return f"{milliseconds(variant.latency_ms.value)} ±{half_width(variant.latency_ms)} ms"


def speedup(comparison: Comparison | None) -> str:
    """``1.52× [1.48, 1.57]``; a dash if it was not measured."""
    if comparison is None or comparison.speedup is None:
        return "–"
    s = comparison.speedup
    return f"{s.value:.2f}× [{s.low:.2f}, {s.high:.2f}]"


def size(before: VariantReport | None, after: VariantReport | None) -> str:
    """``1.23 → 0.41 MB``, with ``?`` for a model that was not built."""
    cells = [f"{v.size_bytes / 1e6:.2f}" if v else "?" for v in (before, after)]
    return " → ".join(cells) + " MB"


def published(row: Published) -> str:
    """``accuracy 77.04 → 77.14, latency 11.9 → 7.5 ms (1.59×) on V100``."""
    parts = []
    if row.accuracy_before_points is not None and row.accuracy_after_points is not None:
        parts.append(f"accuracy {row.accuracy_before_points:g} → {row.accuracy_after_points:g}")
    if row.latency_before_ms is not None and row.latency_after_ms is not None:
        ratio = row.latency_before_ms / row.latency_after_ms
        parts.append(
            f"latency {row.latency_before_ms:g} → {row.latency_after_ms:g} ms ({ratio:.2f}×)"
        )
    return f"{', '.join(parts)} on {row.machine}"


def signed(interval: Interval) -> str:
    """A change with its interval and a real minus sign."""
    value, low, high = (_signed(x) for x in (interval.value, interval.low, interval.high))
    return f"{value} [{low}, {high}]"


def _signed(value: float) -> str:
    rounded = round(value, 2) + 0.0  # -0.0 becomes 0.0
    return f"{rounded:+.2f}".replace("-", "−") if rounded else "0.00"


def int8_share(variant: VariantReport) -> str:
    """``int8: 47 of 47 conv2d, 0 of 3 pool2d``: how many ops of each type run in low precision.
    Types without such an op are left out, unless they were to be quantised.
    """
    if not variant.low_precision:
        return ""
    counts = [
        f"{low} of {every} {op_type}"
        for op_type, (low, every) in variant.int8_ops.items()
        if low or op_type in variant.op_types
    ]
    return f"{variant.low_precision}: " + (", ".join(counts) or "no op")
