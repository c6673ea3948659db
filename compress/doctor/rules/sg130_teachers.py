"""Teachers whose files or nodes do not line up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.sg201_missing_node import TEACHER
from compress.doctor.text import Where

ONE, SEVERAL = "Distillation", "MultiTeacherDistillation"
FOLDER, MODEL, PARAMETERS = "teacher_model_dir", "teacher_model_filename", "teacher_params_filename"
NUMBERED = re.compile(r"^teacher([0-9]+)_")


def check(subject: Subject) -> Iterator[Problem]:
    """Both kinds of distillation: the files of their teachers, and the pairs of nodes."""
    section = subject.section(ONE)
    if section is not None:
        yield from _files_of_one(section)
        yield from _nodes_of_one(section.get("node"))
    section = subject.section(SEVERAL)
    if section is not None:
        teachers = section.get(FOLDER)
        number = len(teachers) if isinstance(teachers, list) else 0
        yield from _files_of_several(section, number)
        yield from _nodes_of_several(section.get("node"), number)


def _files_of_one(section: dict[str, Any]) -> Iterator[Problem]:
    folder, model, parameters = (section.get(key) for key in (FOLDER, MODEL, PARAMETERS))
    if folder is None:
        for key in (MODEL, PARAMETERS):
            if section.get(key) is not None:
                yield Problem(
                    f"without {FOLDER} the teacher is the uncompressed model, and ACT ignores "
                    f"{key}; add the folder or delete the key",
                    (ONE, key),
                )
    elif parameters is None and model is not None:
        yield Problem(
            f"{MODEL} needs {PARAMETERS}: ACT ends in a NotImplementedError without it; add "
            f"{PARAMETERS}: {_beside(model)}",
            (ONE, MODEL),
        )
    elif model is None and parameters is not None:
        yield Problem(
            f"without {MODEL} ACT ignores {PARAMETERS} and looks for model.pdmodel; add the name "
            "of the model's file",
            (ONE, PARAMETERS),
        )
    else:
        yield from _one_stem(model, parameters, (ONE, PARAMETERS))


def _files_of_several(section: dict[str, Any], number: int) -> Iterator[Problem]:
    if not number:
        if not isinstance(section.get(FOLDER), str):
            message = f"{SEVERAL} needs {FOLDER}, a list with the folder of each teacher"
            yield Problem(message, (SEVERAL, FOLDER) if section.get(FOLDER) else (SEVERAL,))
        return
    models, parameters = section.get(MODEL), section.get(PARAMETERS)
    for key, names in ((MODEL, models), (PARAMETERS, parameters)):
        if names is None or (isinstance(names, list) and len(names) != number):
            length = f"not {len(names)}" if names else "and there is none"
            yield Problem(
                f"{key} has to name a file for each of the {number} teachers, {length}: ACT looks "
                "them up by number",
                (SEVERAL, key) if key in section else (SEVERAL,),
            )
    if isinstance(models, list) and isinstance(parameters, list):
        for place, names in enumerate(zip(models, parameters, strict=False)):
            yield from _one_stem(*names, (SEVERAL, PARAMETERS, place))


def _one_stem(model: Any, parameters: Any, where: Where) -> Iterator[Problem]:
    named = isinstance(model, str) and isinstance(parameters, str) and model.endswith(".pdmodel")
    if named and parameters != _beside(model):
        yield Problem(
            f"beside {model} PaddleSlim loads {_beside(model)} and ignores {parameters}; write "
            f"{_beside(model)}",
            where,
        )


def _beside(model: Any) -> str:
    """The file of parameters that PaddleSlim expects beside a model's."""
    name = str(model)
    return name.removesuffix(".pdmodel") + ".pdiparams" if name.endswith(".pdmodel") else "FILE"


def _nodes_of_one(nodes: Any) -> Iterator[Problem]:
    """Names of the student's nodes, to which ACT adds ``teacher_``, or pairs of both."""
    where = (ONE, "node")
    groups = list(_groups(nodes, where))
    yield from _empty_groups(groups)
    every = [node for _, group in groups for node in group]
    if not any(TEACHER.match(node) for node in every):
        return
    if not TEACHER.match(every[0]):
        yield Problem(
            "ACT adds teacher_ to all nodes if the first has none, and then searches for "
            "teacher_teacher_…; list nodes of the student only, or pairs such as "
            f"[teacher_{every[0]}, {every[0]}]",
            where,
        )
        return
    for place, group in groups:
        yield from _pairs(place, group, "teacher_")


def _nodes_of_several(nodes: Any, number: int) -> Iterator[Problem]:
    where = (SEVERAL, "node")
    if nodes is None or nodes == []:
        yield Problem(
            f"{SEVERAL} needs node, pairs of a teacher's node and the student's for each loss: "
            "[[teacher1_x, x], [teacher2_x, x]]; ACT's own nodes do not say of which teacher they "
            "are",
            where if nodes is not None else (SEVERAL,),
        )
    groups = list(_groups(nodes, where)) if _are_groups(nodes) else []
    yield from _empty_groups(groups)
    for place, group in groups:
        yield from _pairs(place, group, "teacher1_")
        for index, node in enumerate(group):
            match = NUMBERED.match(node)
            if match and number and not 1 <= int(match.group(1)[:9]) <= number:
                yield Problem(
                    f"{node!r} is of teacher {match.group(1)[:9]}, but {FOLDER} lists {number}; "
                    "they are counted from 1",
                    (*place, index),
                )


def _pairs(where: Where, nodes: list[str], prefix: str) -> Iterator[Problem]:
    """The first name that stands on the wrong side, or a list that is not made of pairs."""
    pattern = NUMBERED if prefix == "teacher1_" else re.compile(r"^teacher_")
    for index, node in enumerate(nodes):
        if bool(pattern.match(node)) == bool(index % 2):
            side = "the student" if index % 2 else "a teacher"
            yield Problem(
                f"{node!r} stands where a node of {side} has to be: nodes are listed in pairs "
                f"[{prefix}x, x], and the loss compares the two",
                (*where, index),
            )
            return
    if len(nodes) % 2:
        yield Problem(
            f"nodes are listed in pairs [{prefix}x, x], and ACT asserts an even number, not "
            f"{len(nodes)}",
            where,
        )


def _empty_groups(groups: list[tuple[Where, list[str]]]) -> Iterator[Problem]:
    for place, group in groups:
        if not group and len(place) > 2:
            yield Problem("the group has no nodes to compare, and ACT fails on it", place)


def _groups(nodes: Any, where: Where) -> Iterator[tuple[Where, list[str]]]:
    """Lists of names with their places: the groups, or the whole list; none of another form."""
    if _are_groups(nodes):
        yield from (((*where, place), group) for place, group in enumerate(nodes))
    elif _are_names(nodes):
        yield where, nodes


def _are_groups(nodes: Any) -> bool:
    return isinstance(nodes, list) and bool(nodes) and all(map(_are_names, nodes))


def _are_names(nodes: Any) -> bool:
    return isinstance(nodes, list) and all(isinstance(node, str) for node in nodes)


RULE = Rule(
    code="SG130",
    name="teachers",
    severity="error",
    stage="text",
    title="Teachers whose files or nodes do not line up",
    why=(
        "ACT loads teachers after it has prepared the student. It looks up the files of several "
        "teachers by number, refuses a model's file without one for parameters, and ignores file "
        "names without a folder. Nodes go to the loss in pairs, the teacher's first: `teacher_x, "
        "x` of one teacher, whose prefix ACT adds where the first name has none, and `teacher1_x, "
        "x`, `teacher2_x, x` of several. ACT 2.6 itself cannot train with several teachers, since "
        "it looks for `teacher_x`; slimgate can. What does not line up ends in an IndexError or in "
        '"the length needs to be an even number".'
    ),
    remedy="Name a folder and both files of each teacher, and list nodes in pairs.",
    check=check,
    example=Example(
        bad=(
            "MultiTeacherDistillation:\n  teacher_model_dir: [large, small]\n"
            "  teacher_model_filename: [model.pdmodel]\n"
            "  teacher_params_filename: [model.pdiparams, model.pdiparams]\n"
            "  node: [[teacher1_a, a], [teacher2_a, a]]\n  loss: [l2, l2]\n  alpha: [1.0, 1.0]\n"
        ),
        good=(
            "MultiTeacherDistillation:\n  teacher_model_dir: [large, small]\n"
            "  teacher_model_filename: [model.pdmodel, model.pdmodel]\n"
            "  teacher_params_filename: [model.pdiparams, model.pdiparams]\n"
            "  node: [[teacher1_a, a], [teacher2_a, a]]\n  loss: [l2, l2]\n  alpha: [1.0, 1.0]\n"
        ),
    ),
)
