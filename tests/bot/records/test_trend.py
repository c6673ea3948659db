"""The history of a case as a chart, once there are two points to draw."""

from datetime import datetime, timezone

from bench.stats import Interval
from bot.records.history import HistoryLine
from bot.records.trend import render_trends

SPAN = Interval(value=1.0, low=0.9, high=1.1)


def line(number, points, metric="mIoU", runner="cpu", case="m0.qat", commit=None, budget="quick"):
    accuracy = Interval(value=points, low=points - 1, high=points + 1) if points else None
    return HistoryLine(
        run_id=number,
        commit=commit or f"{number:040x}",
        date=datetime(2026, 1, 1, tzinfo=timezone.utc),
        case=case,
        runner=runner,
        machine="x",
        budget=budget,
        metric=metric,
        fp32_points=accuracy,
        compressed_points=accuracy,
        fp32_ms=SPAN,
        compressed_ms=SPAN,
        fp32_bytes=1,
        compressed_bytes=1,
        duration_s=1.0,
    )


def test_a_history_becomes_a_chart():
    text = render_trends({"m0.qat": [line(1, 40.0), line(2, None), line(3, 41.5)]})
    assert "xychart-beta" in text
    assert "line [40.00, 41.50]" in text
    assert "--> 42.5" in text


def test_too_little_history_shows_nothing():
    assert render_trends({}) == ""
    assert render_trends({"m0.qat": [line(1, 40.0)]}) == ""
    assert render_trends({"m0.qat": [line(1, 40.0, "mAP"), line(2, 41.0)]}) == ""
    assert render_trends({"m0.qat": [line(1, None), line(2, None)]}) == ""


def test_numbers_of_different_budgets_share_no_curve():
    lines = [line(1, 40.0), line(2, 55.0, budget="full"), line(3, 41.5)]
    assert "line [40.00, 41.50]" in render_trends({"m0.qat": lines})
    assert render_trends({"m0.qat": lines[:2]}) == ""


def test_only_the_last_points_are_drawn():
    text = render_trends({"m0.qat": [line(n, 40.0 + n) for n in range(50)]})
    assert text.count('"00000') == 20


def test_a_chart_names_commits_metric_runner_and_range():
    text = render_trends({"m0.qat": [line(1, 40.0), line(2, 41.5)]})
    assert text == (
        "\n<details><summary>On the default branch</summary>\n\n```mermaid\nxychart-beta\n"
        '  title "m0.qat, compressed mIoU on cpu"\n'
        '  x-axis ["0000000", "0000000"]\n'
        '  y-axis "points" 39.0 --> 42.5\n'
        "  line [40.00, 41.50]\n```\n\n</details>\n"
    )


def test_each_kind_of_runner_has_its_own_chart():
    lines = [line(1, 40.0), line(2, 30.0, runner="gpu"), line(3, 41.0), line(4, 31.0, runner="gpu")]
    text = render_trends({"m0.qat": lines})
    assert "on cpu" in text
    assert "line [40.00, 41.00]" in text
    assert "on gpu" in text
    assert "line [30.00, 31.00]" in text


def test_at_most_five_charts_are_drawn():
    histories = {f"m{i}.qat": [line(1, 40.0), line(2, 41.0)] for i in range(8)}
    assert render_trends(histories).count("xychart-beta") == 5


def test_points_of_an_earlier_metric_are_left_out():
    text = render_trends({"m0.qat": [line(1, 9.0, "mAP"), line(2, 40.0), line(3, 41.0)]})
    assert "line [40.00, 41.00]" in text


EVIL = '"]\n```\n@eve <img src=x>\n%%{init: {}}%%;#quot;\u2028`|'


def test_no_text_of_a_line_ends_its_title_or_its_block():
    texts = {"metric": EVIL, "runner": EVIL, "case": EVIL, "commit": EVIL}
    (first, *_), text = (
        [line(n, 40.0 + n, **texts) for n in range(2)],
        render_trends({"m": [line(n, 40.0 + n, **texts) for n in range(2)]}),
    )
    assert first.metric == EVIL
    lines = text.split("\n")
    assert [row for row in lines if "`" in row] == ["```mermaid", "```"]
    assert lines.index("```mermaid") + 6 == lines.index("```")
    (title,) = [row for row in lines if "title" in row]
    assert title.count('"') == 2
    assert not set("<>%{};#|`\u2028") & set(title)


def test_what_is_no_accuracy_is_not_drawn():
    lines = [line(1, 40.0), line(2, 1e12), line(3, -3.0), line(4, 41.0)]
    assert "line [40.00, 41.00]" in render_trends({"m0.qat": lines})
