"""SG114: searches over a single combination."""

import pytest

from compress.doctor.rules.sg114_search_of_one import RULE
from tests.compress.doctor.rules import PTQ, findings

SINGLE = {
    "ptq_algo": "[avg]",
    "bias_correct": "[true]",
    "weight_quantize_type": "[abs_max]",
    "hist_percent": "[0.999]",
    "batch_num": "[10]",
}


def search(**lists):
    lines = "".join(f"  {key}: {value}\n" for key, value in {**SINGLE, **lists}.items())
    return f"{PTQ}HyperParameterOptimization:\n{lines}"


@pytest.mark.parametrize(
    "lists",
    [
        {},
        {"batch_num": "10"},
        {"weight_quantize_type": "null"},
        {"hist_percent": "[0.98, 0.999]"},  # no algorithm reads it
        {"hist_percent": "null"},
    ],
)
def test_a_single_combination_is_found_at_the_section(lists):
    (finding,) = findings(RULE, search(**lists))
    assert (finding.line, finding.key) == (3, "HyperParameterOptimization")


@pytest.mark.parametrize(
    "text",
    [
        search(bias_correct="[true, false]"),
        search(batch_num="null"),  # the default has two values
        search(ptq_algo="[hist]", hist_percent="[0.98, 0.999]"),
        search(ptq_algo="[hist]"),  # SG129
        f"{PTQ}HyperParameterOptimization:\n",
        PTQ,
    ],
)
def test_two_combinations_pass(text):
    assert findings(RULE, text) == []
