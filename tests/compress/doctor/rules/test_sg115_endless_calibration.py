"""SG115: calibration on all training data."""

import pytest

from compress.doctor.rules.sg115_endless_calibration import RULE
from tests.compress.doctor.rules import PTQ, corrected, findings


def test_the_number_of_batches_is_inserted_above_the_first_key():
    text = "QuantPost:\n    # few\n    algo: avg\n"
    assert corrected(RULE, text) == "QuantPost:\n    # few\n    batch_nums: 32\n    algo: avg\n"


@pytest.mark.parametrize("text", ["QuantPost:\n", "QuantPost: {algo: avg}\n", "QuantPost: {}\n"])
def test_a_section_that_is_not_in_block_style_is_left_to_the_author(text):
    (finding,) = findings(RULE, text)
    assert (finding.line, finding.edits) == (1, ())


@pytest.mark.parametrize("value", ["null", "None"])
def test_an_explicit_null_is_reported_but_not_edited(value):
    (finding,) = findings(RULE, f"QuantPost:\n  batch_nums: {value}\n")
    assert finding.edits == ()


@pytest.mark.parametrize(
    "text", [PTQ, "QuantPost:\n  algo: avg\nHyperParameterOptimization:\n", "QuantAware:\n"]
)
def test_limited_calibration_passes(text):
    assert findings(RULE, text) == []
