"""The trend in the comment: Mermaid, once there is a history."""

from datetime import datetime, timezone

from bench.stats import Interval
from bot.publish.comment import Marker
from bot.publish.publication import Origin, comment_body
from bot.records.history import HistoryLine
from bot.records.trend import render_trends
from tests.bot.builders import judge, make_plan, make_result

SPAN = Interval(value=1.0, low=0.9, high=1.1)


def line(number, points, metric="mIoU"):
    accuracy = Interval(value=points, low=points - 1, high=points + 1) if points else None
    return HistoryLine(
        run_id=number,
        commit=f"{number:040x}",
        date=datetime(2026, 1, 1, tzinfo=timezone.utc),
        case="m0.qat",
        runner="cpu",
        machine="x",
        budget="quick",
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


def test_only_the_last_points_are_drawn():
    text = render_trends({"m0.qat": [line(n, 40.0 + n) for n in range(50)]})
    assert text.count('"00000') == 20


def test_the_trend_is_the_first_to_go(tmp_path):
    marker, origin = Marker("report", "b" * 40), Origin(1, "https://x/run/1")
    report = judge(tmp_path, {"m0.qat": make_result(tmp_path)})
    assert "TREND" in comment_body(report, origin, marker, report.head, "TREND")
    assert "TREND" not in comment_body(report, origin, marker, report.head, "TREND" * 20_000)
    plan = make_plan(150)
    full = judge(tmp_path, {j.id: make_result(tmp_path, job=j.id) for j in plan.jobs}, plan)
    assert len(comment_body(full, origin, marker, full.head, "T" * 60_000)) <= 65_536
