"""``soft_label`` on outputs that are no scores of classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.sg201_missing_node import TEACHER, named_nodes
from compress.recipes.act import DISTILLATIONS

CLASSIFIERS = ("data_dir", "task_name")
"""Keys of ``Global`` in PaddleSlim's examples of classifiers of images and texts."""
MAPS = ("conv", "depthwise_conv", "batch_norm", "relu", "bilinear", "nearest", "interp")
"""Beginnings of names of variables that have height and width."""


def check(subject: Subject) -> Iterator[Problem]:
    """``soft_label`` for nodes that are maps, or for ACT's own nodes of a model that is no
    classifier.
    """
    for name in DISTILLATIONS:
        losses = (subject.section(name) or {}).get("loss")
        if losses != "soft_label" and not (isinstance(losses, list) and "soft_label" in losses):
            continue
        what = _distilled(subject)
        if what is not None:
            yield Problem(
                f"soft_label takes the softmax along the last axis; {what}, not the classes; l2 "
                "compares outputs as they are",
                (name, "loss"),
            )


def _distilled(subject: Subject) -> str | None:
    """What the last axis is, if it is not that of the classes."""
    nodes = [TEACHER.sub("", node) for _, node in named_nodes(subject)]
    shapes = subject.graph.candidate_shapes if subject.graph else {}
    for node in nodes or shapes:
        if node in shapes and len(shapes[node]) > 2:
            return f"in {node}, of shape {list(shapes[node])}, that is a width or coordinates"
    maps = [node for node in nodes if node not in shapes and node.startswith(MAPS)]
    if nodes:
        return f"in {maps[0]} that is the width of a map" if maps else None
    if shapes or _classifies(subject.recipe.data.get("Global")):
        return None
    return (
        "in ACT's own nodes, the last layers of a segmentation or detection model, that is the "
        "width of a map or the coordinates of a box"
    )


def _classifies(suite: Any) -> bool:
    return isinstance(suite, dict) and any(key in suite for key in CLASSIFIERS)


RULE = Rule(
    code="SG128",
    name="soft-label",
    severity="warning",
    stage="text",
    title="`soft_label` on outputs that are no scores of classes",
    why=(
        "`soft_label` is the cross entropy of two softmaxes along the last axis. That is right for "
        "a classifier's (images, classes). The last layers of a segmentation model or detector are "
        "maps (images, channels, height, width) or boxes: the softmax then runs along the width of "
        "the image or over coordinates, and the student may differ from the teacher by any "
        "constant in each row without a loss."
    ),
    remedy="Use `l2`, or name nodes whose last axis is that of the classes.",
    check=check,
    example=Example(
        bad="QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: soft_label\n",
        good="QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n",
    ),
)
