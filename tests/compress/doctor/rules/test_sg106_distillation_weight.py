"""SG106: distillation weights that ACT cannot take."""

import pytest

from compress.doctor.rules.sg106_distillation_weight import RULE
from tests.compress.doctor.rules import corrected, findings, messages


def test_an_integer_gets_a_point():
    text = "Distillation:\n  loss: l2\n  alpha: 3  # strong\n"
    assert messages(RULE, text) == [(3, "ACT asserts that alpha is a float; write 3.0")]
    assert corrected(RULE, text) == text.replace("3  #", "3.0  #")


@pytest.mark.parametrize("zero", ["0", "0.0"])
def test_zero_is_reported_without_an_edit(zero):
    (finding,) = findings(RULE, f"Distillation:\n  alpha: {zero}\n")
    message = "alpha: 0 does not switch distillation off: ACT reads it as 1.0"
    assert (finding.message, finding.edits) == (message, ())


@pytest.mark.parametrize("value", ["1.0", "0.5", "[1.0, 0.5]", "true", "x"])
def test_floats_pass_and_other_types_are_left_to_the_schema(value):
    assert findings(RULE, f"Distillation:\n  alpha: {value}\n") == []
