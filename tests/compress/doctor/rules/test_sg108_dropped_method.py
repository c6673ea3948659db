"""SG108: methods that ACT drops without a message."""

import pytest

from compress.doctor.rules.sg108_dropped_method import RULE
from tests.compress.doctor.rules import PTQ, QAT, findings, messages

SEARCH = "HyperParameterOptimization:\n  ptq_algo: [avg, hist]\n"


def test_the_teacher_is_missed_once_for_a_prune_and_a_quantisation():
    text = "ChannelPrune:\n  pruned_ratio: 0.5\nQuantAware:\n  weight_bits: 8"
    assert messages(RULE, text) == [
        (1, "ACT drops ChannelPrune unless the recipe also has Distillation")
    ]


@pytest.mark.parametrize("section", ["Distillation", "MultiTeacherDistillation", "TaskLoss"])
def test_training_with_a_teacher_or_labels_passes(section):
    assert findings(RULE, f"{QAT}{section}:\n  loss: l2\n") == []


def test_a_search_needs_the_settings_that_it_searches():
    (finding,) = findings(RULE, SEARCH)
    assert (finding.key, finding.edits) == ("HyperParameterOptimization", ())
    assert "without QuantPost, whose settings it searches" in finding.message


def test_a_search_displaces_training():
    text = f"{PTQ}{SEARCH}{QAT}Distillation:\n  loss: l2\n"
    message = "ACT drops QuantAware and its Distillation beside HyperParameterOptimization"
    assert messages(RULE, text) == [(5, message)]


def test_a_search_beside_quantpost_passes():
    assert findings(RULE, PTQ + SEARCH) == []
