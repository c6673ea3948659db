"""SG204: weights that hold whole numbers only."""

from compress.doctor.rules.sg204_whole_numbers import RULE
from tests.compress.doctor.rules import GRAPH, PTQ, QAT, findings, messages

WHOLE = {**GRAPH, "integer_weights": ("a", "b", "c", "d")}


def test_weights_are_counted_and_the_first_three_named():
    ((line, message),) = messages(RULE, f"Distillation:\n  loss: l2\n{QAT}", graph=WHOLE)
    assert line == 3
    assert message.startswith("weights that hold whole numbers only: 4 (a, b, c); ")


def test_recipes_that_do_not_quantise_pass():
    assert findings(RULE, "Distillation:\n  loss: l2\n", graph=WHOLE) == []


def test_an_export_without_such_weights_passes():
    assert findings(RULE, PTQ, graph=GRAPH) == []
