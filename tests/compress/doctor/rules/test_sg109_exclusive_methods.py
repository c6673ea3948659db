"""SG109: methods that exclude each other."""

import pytest

from compress.doctor.rules.sg109_exclusive_methods import RULE
from tests.compress.doctor.rules import PTQ, QAT, findings

ONE, SEVERAL = "Distillation:\n  loss: l2\n", "MultiTeacherDistillation:\n  loss: [l2]\n"
PRUNE, SEARCH = "ChannelPrune:\n  pruned_ratio: 0.5\n", "HyperParameterOptimization:\n"


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        (QAT + ONE + SEVERAL, "MultiTeacherDistillation", "two kinds of distillation"),
        (ONE + SEVERAL, "MultiTeacherDistillation", "two kinds of distillation"),
        (QAT + PTQ, "QuantPost", "QuantAware and QuantPost exclude each other"),
        (PTQ + ONE, "Distillation", "Distillation is useless beside QuantPost"),
        (PTQ + SEVERAL, "MultiTeacherDistillation", "is useless beside QuantPost"),
    ],
)
def test_methods_that_exclude_each_other_are_found_at_the_second(text, key, problem):
    (finding,) = findings(RULE, text)
    assert finding.key == key
    assert problem in finding.message


@pytest.mark.parametrize(
    "text", [QAT + ONE, PTQ, PRUNE + ONE + PTQ, QAT + PTQ + SEARCH], ids=str.split
)
def test_what_goes_together_passes(text):
    assert findings(RULE, text) == []
