"""The report's value: exit codes, lookups, and that it survives storage."""

import pytest

from bench.variant import FP32, Variant
from bot.report.report import Report
from core.schema import load_json, write_json
from tests.bot.report.builders import make_report


@pytest.mark.parametrize(
    ("conclusion", "code"),
    [("success", 0), ("failure", 1), ("action_required", 3), ("neutral", 3)],
)
def test_only_a_success_ends_with_exit_0(tmp_path, conclusion, code):
    report = make_report(tmp_path).model_copy(update={"conclusion": conclusion})
    assert report.exit_code == code


def test_variants_and_comparisons_are_found_by_name(tmp_path):
    (case,) = make_report(tmp_path).cases
    assert str(case.before.variant) == "head fp32"
    assert str(case.after.variant) == "head qat"
    assert case.find_variant(Variant("base", FP32)).side == "base"
    assert case.find_variant(Variant("base", "ptq")) is None
    assert case.find_comparison("vs_fp32").old == "head fp32"


def test_what_was_not_built_is_not_found(tmp_path):
    (case,) = make_report(tmp_path, failures=("head qat",)).cases
    assert case.after is None
    assert case.find_comparison("vs_base") is None
    assert case.find_comparison("fp32_vs_base") is not None


def test_a_report_survives_storage(tmp_path):
    report = make_report(tmp_path, quality={"head qat": 0.8}, failures=("base fp32",))
    write_json(tmp_path / "report.json", report)
    assert load_json(Report, tmp_path / "report.json") == report
