"""The line that a measured case leaves in its history, and when it leaves none."""

import json
from datetime import datetime, timezone

import pytest

from bot.records.history import HistoryLine, history_file, history_line
from core.lines import parse_lines
from tests.bot.builders import judge, make_result

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def case(tmp_path):
    result = make_result(tmp_path).model_copy(update={"stage_s": {"export": 1.5, "latency": 2.0}})
    return judge(tmp_path, {"m0.qat": result}).cases[0]


def without(case, recipe, **update):
    """The case with one variant changed; without an update, the variant is left out."""
    variants = [v for v in case.variants if (v.side, v.recipe) != ("head", recipe)]
    (variant,) = (v for v in case.variants if (v.side, v.recipe) == ("head", recipe))
    if update:
        variants.append(variant.model_copy(update=update))
    return case.model_copy(update={"variants": tuple(variants)})


def test_a_case_has_a_file_of_its_own():
    assert history_file("PP-LiteSeg.qat") == "history/PP-LiteSeg.qat.jsonl"


def test_a_line_has_the_numbers_of_the_head(case):
    line = history_line(case, "c" * 40, "full", 7, NOW)
    assert (line.case, line.commit, line.run_id, line.date) == ("m0.qat", "c" * 40, 7, NOW)
    assert (line.runner, line.machine, line.budget) == ("cpu", case.machine, "full")
    assert (line.metric, line.fp32_bytes, line.compressed_bytes) == ("mIoU", 10**6, 10**6)
    assert line.fp32_ms == case.before.latency_ms
    assert line.compressed_ms == case.after.latency_ms
    assert line.compressed_points == case.after.accuracy_points
    assert line.fp32_points == case.before.accuracy_points
    assert line.duration_s == 3.5


def test_latency_counts_without_accuracy(case):
    unscored = without(case, "qat", accuracy_points=None, metric=None)
    line = history_line(unscored, "c" * 40, "quick", 7, NOW)
    assert (line.metric, line.compressed_points) == (None, None)
    assert line.fp32_points is not None


@pytest.mark.parametrize("recipe", ["fp32", "qat"])
@pytest.mark.parametrize("update", [{}, {"latency_ms": None}], ids=["missing", "not timed"])
def test_a_case_without_both_latencies_leaves_no_line(case, recipe, update):
    assert history_line(without(case, recipe, **update), "c" * 40, "quick", 7, NOW) is None


def test_a_case_without_a_machine_leaves_no_line(case):
    elsewhere = case.model_copy(update={"machine": None})
    assert history_line(elsewhere, "c" * 40, "quick", 7, NOW) is None


def test_lines_are_read_as_they_were_written(case):
    lines = [history_line(case, "c" * 40, "quick", run, NOW) for run in (7, 8)]
    texts = [line.model_dump_json(by_alias=True) for line in lines]
    assert json.loads(texts[0])["schema"] == "slimgate.history/1"
    assert parse_lines(HistoryLine, texts).values == lines


def test_lines_of_other_versions_are_left_out(case):
    line = history_line(case, "c" * 40, "quick", 7, NOW)
    text = line.model_dump_json(by_alias=True)
    newer = text.replace("slimgate.history/1", "slimgate.history/9")
    parsed = parse_lines(HistoryLine, [newer, "nonsense", "", text])
    assert (parsed.values, parsed.bad) == ([line], 1)
