"""SG115: calibration on all training data."""

import pytest

from compress.doctor.rules.sg115_endless_calibration import RULE
from tests.compress.doctor.rules import PTQ, findings


@pytest.mark.parametrize(
    "text",
    [
        "QuantPost:\n",
        "QuantPost: {algo: avg}\n",
        "QuantPost:\n  algo: avg\n",
        "QuantPost:\n  batch_nums: null\n",
        "QuantPost:\n  batch_nums: None\n",
    ],
)
def test_a_line_that_is_missing_is_left_to_the_author(text):
    (finding,) = findings(RULE, text)
    assert (finding.line, finding.edits) == (1, ())


@pytest.mark.parametrize(
    "text", [PTQ, "QuantPost:\n  algo: avg\nHyperParameterOptimization:\n", "QuantAware:\n"]
)
def test_limited_calibration_passes(text):
    assert findings(RULE, text) == []
