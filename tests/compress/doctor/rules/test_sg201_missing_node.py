"""SG201: distillation nodes that the export does not have."""

import pytest

from compress.doctor.rule import subject_of
from compress.doctor.rules.sg201_missing_node import GRAPH, RULE, named_nodes
from tests.compress.doctor.rules import findings

GROUPS = "MultiTeacherDistillation:\n  node: [[teacher1_a, b], [c]]\n"


def test_a_near_name_is_proposed_and_never_put_in():
    text = "Distillation:\n  node: [teacher_conv2d_0.tmp_9, conv2d_0.tmp_0]\n"
    (finding,) = findings(RULE, text, graph=GRAPH)
    assert finding.line == 2
    near = "'teacher_conv2d_0.tmp_9' is not in this export; nearest names: "
    assert finding.message.startswith(near)
    assert finding.edits == ()


def test_without_a_near_name_three_candidates_are_listed():
    graph = {**GRAPH, "candidates": ("a", "b", "c", "d")}
    (finding,) = findings(RULE, "Distillation:\n  node: [zz]\n", graph=graph)
    assert finding.message == "'zz' is not in this export; nearest names: a, b, c"
    assert finding.edits == ()


def test_nodes_of_groups_are_listed_with_their_places():
    places = list(named_nodes(subject_of(GROUPS, {})))
    section = "MultiTeacherDistillation"
    assert places == [
        ((section, "node", 0, 0), "teacher1_a"),
        ((section, "node", 0, 1), "b"),
        ((section, "node", 1, 0), "c"),
    ]


@pytest.mark.parametrize("lines", ["node: conv2d", "node: [1, [2]]", "loss: l2"])
def test_other_values_are_left_to_the_schema(lines):
    assert findings(RULE, f"Distillation:\n  {lines}\n", graph=GRAPH) == []


def test_nothing_is_said_before_the_export_is_known():
    assert findings(RULE, "Distillation:\n  node: [zz]\n") == []


def test_nodes_of_several_teachers_are_those_of_their_models():
    section = "MultiTeacherDistillation:\n  node: [[teacher1_x, x], [teacher2_other, zz]]\n"
    (ours, students) = findings(RULE, section, graph=GRAPH)
    assert ours.message.startswith("'teacher2_other' is not in this export")
    (only,) = findings(RULE, f"{section}  teacher_model_dir: [t, u]\n", graph=GRAPH)
    assert students.message == only.message
    assert only.message.startswith("'zz' is not in this export")


def test_nodes_of_a_teacher_that_is_another_model_are_not_judged():
    text = "Distillation:\n  node: [teacher_other, x]\n"
    assert len(findings(RULE, text, graph=GRAPH)) == 1
    assert findings(RULE, f"{text}  teacher_model_dir: large\n", graph=GRAPH) == []
