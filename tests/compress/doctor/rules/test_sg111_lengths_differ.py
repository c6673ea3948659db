"""SG111: distillation lists whose lengths do not match."""

import pytest

from compress.doctor.rules.sg111_lengths_differ import RULE
from tests.compress.doctor.rules import findings, messages


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        (
            ["node: [[a], [b]]", "loss: [l2, l2]", "alpha: 1.0"],
            4,
            "Distillation.alpha must be a list, one for each group of nodes",
        ),
        (
            ["node: [a, b]", "loss: [l2]", "alpha: 1.0"],
            3,
            "Distillation.loss must be a single value",
        ),
        (
            ["node: [[a]]", "loss: [l2]"],
            2,
            "Distillation.node has groups, so alpha must be a list",
        ),
        (
            ["node: [[a], [b]]", "loss: [l2]", "alpha: [1.0, 1.0]"],
            3,
            "Distillation.loss must have 2 values, one for each group of nodes",
        ),
    ],
)
def test_lists_must_match_the_groups_of_nodes(lines, line, message):
    text = "Distillation:\n" + "".join(f"  {entry}\n" for entry in lines)
    assert messages(RULE, text) == [(line, message)]


@pytest.mark.parametrize("node", ["{}", "{a: b}", "1", "x", "true"])
def test_nodes_of_another_form_are_left_to_the_schema(node):
    assert findings(RULE, f"Distillation:\n  node: {node}\n  loss: [l2]\n") == []


@pytest.mark.parametrize(
    "lines", ["loss: l2", "node: [a, b]", "node: [[a], [b]]\n  loss: [l2, dkd]\n  alpha: [1, 2]"]
)
def test_matching_lists_and_defaults_pass(lines):
    assert findings(RULE, f"Distillation:\n  {lines}\n") == []


@pytest.mark.parametrize("lines", ["loss: [l2]", "node: []\n  loss: [l2]", "node: [a]"])
def test_several_teachers_without_groups_are_left_to_others(lines):
    assert findings(RULE, f"MultiTeacherDistillation:\n  {lines}\n") == []
