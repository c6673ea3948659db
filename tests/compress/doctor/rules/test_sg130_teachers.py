"""SG130: files and nodes of one teacher, and of several."""

import pytest

from compress.doctor.rules.sg130_teachers import RULE
from tests.compress.doctor.rules import findings, messages

FILES = {
    "teacher_model_dir": "[large, small]",
    "teacher_model_filename": "[model.pdmodel, model.pdmodel]",
    "teacher_params_filename": "[model.pdiparams, model.pdiparams]",
    "node": "[[teacher1_a, a], [teacher2_a, a]]",
}


def section(name, lines):
    return f"{name}:\n" + "".join(f"  {k}: {v}\n" for k, v in lines.items() if v is not None)


def several(**lines):
    return section("MultiTeacherDistillation", {**FILES, **lines})


def one(**lines):
    return section("Distillation", lines)


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        ({"node": "[teacher_a, a, teacher_b]"}, 2, "nodes are listed in pairs [teacher_x, x], and"),
        ({"node": "[[teacher_a, a], [teacher_b]]"}, 2, "nodes are listed in pairs [teacher_x, x]"),
        ({"node": "[teacher_a, a, b, teacher_b]"}, 2, "'b' stands where a node of a teacher has"),
        ({"node": "[teacher_a, teacher_b]"}, 2, "'teacher_b' stands where a node of the student"),
        ({"node": "[a, teacher_a]"}, 2, "ACT adds teacher_ to all nodes if the first has none, an"),
        ({"node": "[[a], []]"}, 2, "the group has no nodes to compare, and ACT fails on it"),
        (
            {"teacher_model_filename": "model.pdmodel"},
            2,
            (
                "without teacher_model_dir the teacher is the uncompressed model, and ACT ignores "
                "teacher_model_filename; add the folder or delete the key"
            ),
        ),
        (
            {"teacher_model_dir": "large", "teacher_model_filename": "m.pdmodel"},
            3,
            (
                "teacher_model_filename needs teacher_params_filename: ACT ends in a "
                "NotImplementedError without it; add teacher_params_filename: m.pdiparams"
            ),
        ),
        (
            {"teacher_model_dir": "large", "teacher_params_filename": "m.pdiparams"},
            3,
            "without teacher_model_filename ACT ignores teacher_params_filename and looks for mode",
        ),
        (
            {
                "teacher_model_dir": "large",
                "teacher_model_filename": "m.pdmodel",
                "teacher_params_filename": "n.pdiparams",
            },
            4,
            "beside m.pdmodel PaddleSlim loads m.pdiparams and ignores n.pdiparams; write m.pdip",
        ),
    ],
)
def test_what_does_not_line_up_of_one_teacher_is_named(lines, line, message):
    ((found, text),) = messages(RULE, one(**lines))
    assert found == line
    assert text.startswith(message)


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        ({"teacher_model_dir": None}, 1, "MultiTeacherDistillation needs teacher_model_dir, a li"),
        ({"teacher_model_dir": "[]"}, 1, "MultiTeacherDistillation needs teacher_model_dir, a li"),
        (
            {"teacher_params_filename": "[model.pdiparams]"},
            4,
            (
                "teacher_params_filename has to name a file for each of the 2 teachers, not 1: ACT "
                "looks them up by number"
            ),
        ),
        (
            {"teacher_model_filename": None},
            1,
            "teacher_model_filename has to name a file for each of the 2 teachers, and there is n",
        ),
        (
            {"teacher_params_filename": "[model.pdiparams, other.pdiparams]"},
            4,
            "beside model.pdmodel PaddleSlim loads model.pdiparams and ignores other.pdiparams; w",
        ),
        ({"node": None}, 1, "MultiTeacherDistillation needs node, pairs of a teacher's node and"),
        ({"node": "[]"}, 5, "MultiTeacherDistillation needs node, pairs of a teacher's node and"),
        ({"node": "[[teacher_a, a]]"}, 5, "'teacher_a' stands where a node of a teacher has to be"),
        ({"node": "[[a, teacher1_a]]"}, 5, "'a' stands where a node of a teacher has to be: nodes"),
        ({"node": "[[teacher1_a, a, teacher2_a]]"}, 5, "nodes are listed in pairs [teacher1_x, x]"),
        ({"node": "[[teacher3_a, a]]"}, 5, "'teacher3_a' is of teacher 3, but teacher_model_dir"),
        ({"node": "[[teacher0_a, a]]"}, 5, "'teacher0_a' is of teacher 0, but teacher_model_dir"),
        ({"node": "[[]]"}, 5, "the group has no nodes to compare, and ACT fails on it"),
    ],
)
def test_what_does_not_line_up_of_several_is_named(lines, line, message):
    ((found, text),) = messages(RULE, several(**lines))
    assert found == line
    assert text.startswith(message)


@pytest.mark.parametrize(
    "text",
    [
        several(),
        several(node="[a, b]"),  # SG103
        several(teacher_model_dir="large"),  # SG103
        one(node="[a, b, c]"),
        one(node="[[a], [b, c]]"),
        one(node="[teacher_a, a]"),
        one(node="[[teacher_a, a], [teacher_b, b, teacher_c, c]]"),
        one(node="[[a], b]"),  # SG103
        one(node="null", teacher_model_filename="null"),
        one(teacher_model_dir="large"),
        one(
            teacher_model_dir="large",
            teacher_model_filename="__model__",
            teacher_params_filename="__params__",
        ),
        "Distillation:\n",
        "QuantPost:\n",
    ],
)
def test_teachers_that_line_up_and_what_the_schema_refuses_pass(text):
    assert findings(RULE, text) == []
