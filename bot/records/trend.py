"""The history of cases on the default branch, as charts that GitHub draws (Mermaid)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.stats import Interval
from bot.records.history import HistoryLine
from bot.text.escape import chart_text

MAX_POINTS = 20
MAX_CASES = 5


def render_trends(histories: Mapping[str, Sequence[HistoryLine]]) -> str:
    """A folded section with a chart of compressed accuracy for each case and kind of runner that
    has at least two points of the same metric and budget; empty without any.
    """
    by_runner = (series for lines in histories.values() for series in _by_runner(lines))
    charts = [chart for series in by_runner if (chart := _chart(series))][:MAX_CASES]
    if not charts:
        return ""
    body = "\n\n".join(f"```mermaid\n{chart}\n```" for chart in charts)
    return f"\n<details><summary>On the default branch</summary>\n\n{body}\n\n</details>\n"


def _by_runner(lines: Sequence[HistoryLine]) -> list[list[HistoryLine]]:
    kinds = dict.fromkeys(line.runner for line in lines)
    return [[line for line in lines if line.runner == kind] for kind in kinds]


def _chart(lines: Sequence[HistoryLine]) -> str:
    scored = [line for line in lines if _drawable(line.compressed_points)]
    points = [line for line in scored if _kind(line) == _kind(scored[-1])][-MAX_POINTS:]
    if len(points) < 2:
        return ""
    last = points[-1]
    title = chart_text(f"{last.case}, compressed {last.metric} on {last.runner}")
    values = [line.compressed_points.value for line in points if line.compressed_points]
    low, high = min(values) - 1, max(values) + 1
    return "\n".join(
        [
            "xychart-beta",
            f'  title "{title}"',
            f"  x-axis [{', '.join(_label(line.commit) for line in points)}]",
            f'  y-axis "points" {low:.1f} --> {high:.1f}',
            f"  line [{', '.join(f'{value:.2f}' for value in values)}]",
        ]
    )


def _kind(line: HistoryLine) -> tuple[object, ...]:
    """What makes numbers comparable: budgets differ in how many images they score."""
    return line.metric, line.budget


def _drawable(points: Interval | None) -> bool:
    return points is not None and 0 <= points.value <= 100


def _label(commit: str) -> str:
    return f'"{chart_text(commit[:7])}"'
