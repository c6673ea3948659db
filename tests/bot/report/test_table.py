"""The cells of the main table, as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.judge import Judgement
from bench.stats import Interval
from bot.report import table
from bot.report.report import Comparison
from compress.manifest import Published
from core.finding import Finding
from tests.bot.report.builders import make_report

FELL = Interval(value=-0.42, low=-0.61, high=-0.2)


@pytest.fixture(scope="module")
def variant(tmp_path_factory):
    """Head's compressed variant, with round numbers."""
    after = make_report(tmp_path_factory.mktemp("results")).cases[0].after
    changes = {
        "accuracy_points": Interval(value=76.578, low=76, high=77),
        "latency_ms": Interval(value=2.0, low=1.95, high=2.05),
        "latency_mean_ms": 2.0417,
        "size_bytes": 410_000,
        "peak_memory_bytes": 240_400_000,
    }
    return after.model_copy(update=changes)


def compare(judgement, speedup=None):
    return Comparison(
        kind="vs_base", old="a", new="b", accuracy=judgement, speedup=speedup, latency=None
    )


def test_cells_of_a_variant(variant):
    assert table.accuracy(variant) == "mIoU 76.58"
    assert table.accuracy_value(variant) == "76.58"
    assert table.latency(variant) == "2.00 ±0.05 ms"
    assert table.latency_value(variant) == "2.00"
    assert table.mean_latency(variant) == "2.04 ms"
    assert table.peak_memory(variant) == "240 MB"


def test_cells_of_a_variant_that_was_not_measured(variant):
    changes = {
        "accuracy_points": None,
        "accuracy_missing": "not measured: no weights",
        "latency_ms": None,
        "latency_missing": "failed at latency",
        "latency_mean_ms": None,
        "peak_memory_bytes": None,
    }
    bare = variant.model_copy(update=changes)
    assert table.accuracy(bare) == "not measured: no weights"
    assert table.latency(bare) == "failed at latency"
    assert (table.accuracy_value(bare), table.latency_value(bare)) == ("?", "?")
    assert (table.mean_latency(bare), table.peak_memory(bare)) == ("–", "–")
    silent = bare.model_copy(update={"accuracy_missing": None, "latency_missing": None})
    assert (table.accuracy(silent), table.latency(silent)) == ("not measured", "not measured")


def test_cells_of_a_model_that_was_not_built():
    assert (table.accuracy(None), table.latency(None)) == ("failed", "failed")
    assert (table.accuracy_value(None), table.latency_value(None)) == ("?", "?")


def test_a_change_has_an_interval_a_verdict_or_a_dash():
    judged = Judgement(verdict="regressed", reason="r", change_points=FELL)
    assert table.change(compare(judged)) == "−0.42 [−0.61, −0.20]"
    assert table.change(compare(Judgement(verdict="incomparable", reason="r"))) == "incomparable"
    assert (table.change(compare(None)), table.change(None)) == ("–", "–")


def test_a_speed_up_has_an_interval_or_is_a_dash():
    interval = Interval(value=1.523, low=1.48, high=1.567)
    assert table.speedup(compare(None, interval)) == "1.52× [1.48, 1.57]"
    assert (table.speedup(compare(None)), table.speedup(None)) == ("–", "–")


def test_sizes_stand_side_by_side(variant):
    before = variant.model_copy(update={"size_bytes": 1_234_000})
    assert table.size(before, variant) == "1.23 → 0.41 MB"
    assert table.size(None, variant) == "? → 0.41 MB"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((0.5, 0.25, 0.75), "+0.50 [+0.25, +0.75]"),
        ((0.0, -0.004, 0.004), "0.00 [0.00, 0.00]"),
        ((-0.0, -1.0, 1.0), "0.00 [−1.00, +1.00]"),
    ],
)
def test_signed_numbers_have_a_real_minus_and_no_signed_zero(values, text):
    value, low, high = values
    assert table.signed(Interval(value=value, low=low, high=high)) == text


@given(st.floats(-100, 100))
def test_a_signed_number_is_the_number_rounded(value):
    text = table.signed(Interval(value=value, low=value, high=value)).split(" ")[0]
    assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.005001)
    assert text not in ("+0.00", "−0.00")
    assert "-" not in text


def test_published_figures_in_one_line():
    row = {"recipe": "qat", "machine": "V100"}
    accuracy = {"accuracy_before_points": 77.04, "accuracy_after_points": 77.14}
    latency = {"latency_before_ms": 11.9, "latency_after_ms": 7.5}
    assert (
        table.published(Published(**row, **accuracy, **latency))
        == "accuracy 77.04 → 77.14, latency 11.9 → 7.5 ms (1.59×) on V100"
    )
    assert table.published(Published(**row, **accuracy)) == "accuracy 77.04 → 77.14 on V100"
    assert table.published(Published(**row, **latency)) == "latency 11.9 → 7.5 ms (1.59×) on V100"


def test_op_types_without_low_precision_are_named_only_if_they_were_meant(variant):
    ops = {"conv2d": (47, 47), "pool2d": (0, 3), "matmul": (0, 5)}
    counted = variant.model_copy(update={"int8_ops": ops, "op_types": ("conv2d", "pool2d")})
    assert table.int8_share(counted) == "int8: 47 of 47 conv2d, 0 of 3 pool2d"
    none = counted.model_copy(update={"int8_ops": {"matmul": (0, 5)}})
    assert table.int8_share(none) == "int8: no op"
    assert table.int8_share(counted.model_copy(update={"low_precision": None})) == ""


def test_the_place_of_a_finding():
    finding = Finding(code="SG101", severity="error", message="m", file="f", line=3)
    assert table.place(finding) == "line 3"
    assert table.place(finding.model_copy(update={"line": None})) == ""


def test_rows_are_grouped_by_runner_and_machine(tmp_path):
    report = make_report(tmp_path)
    (case,) = report.cases
    lost = case.model_copy(update={"machine": None, "variants": (), "comparisons": ()})
    tables = table.rows_by_runner(report.model_copy(update={"cases": (case, lost, case)}))
    assert list(tables) == [("cpu", case.machine, ""), ("cpu", None, "")]
    assert [len(rows) for rows in tables.values()] == [2, 1]
    (row,) = tables["cpu", None, ""]
    assert len(row.cells) == len(table.HEADERS)
    assert row.cells[3:] == ("failed", "failed", "–", "–", "failed", "failed", "–", "? → ? MB")


def test_recorded_results_have_a_table_of_their_own(tmp_path):
    report = make_report(tmp_path)
    (case,) = report.cases
    recorded = case.model_copy(update={"recorded": "a record"})
    tables = table.rows_by_runner(report.model_copy(update={"cases": (case, recorded)}))
    assert list(tables) == [("cpu", case.machine, ""), ("cpu", case.machine, "a record")]
