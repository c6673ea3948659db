"""SG116: bit widths without kernels."""

import pytest

from compress.doctor.rules.sg116_few_bits import RULE
from tests.compress.doctor.rules import corrected, findings, messages


@pytest.mark.parametrize(
    ("bits", "costs"), [(7, "costs accuracy and is"), (1, "costs accuracy and is"), (9, "is")]
)
def test_fewer_bits_cost_accuracy_and_more_only_time(bits, costs):
    text = f"QuantAware:\n  activation_bits: {bits}  # ?\n"
    message = f"activation_bits: {bits} {costs} no faster: oneDNN and TensorRT compute in 8 bits"
    assert messages(RULE, text) == [(2, message)]
    assert corrected(RULE, text) == "QuantAware:\n  activation_bits: 8  # ?\n"


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        ("weight_bits: 4", [True]),
        ("weight_bits: 4\n  activation_bits: 8", [True]),
        ("weight_bits: 4\n  activation_bits: 4", [False, False]),
    ],
)
def test_paddle_refuses_widths_that_differ_after_training(lines, refused):
    end = "; after training, Paddle refuses widths that differ"
    found = [finding.message for finding in findings(RULE, f"QuantPost:\n  {lines}\n")]
    assert [message.endswith(end) for message in found] == refused


@pytest.mark.parametrize("value", ["8", "true", "four"])
def test_eight_bits_pass_and_other_types_are_left_to_the_schema(value):
    assert findings(RULE, f"QuantAware:\n  weight_bits: {value}\n") == []
