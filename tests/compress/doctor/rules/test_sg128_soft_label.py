"""SG128: the softmax of ``soft_label`` along an axis that is not that of the classes."""

import numpy as np
import pytest

from compress.doctor.rules.sg128_soft_label import RULE
from tests.compress.doctor.rules import GRAPH, findings, messages

SOFT = "Distillation:\n  loss: soft_label\n"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (SOFT, "in ACT's own nodes, the last layers of a segmentation or detection model, that is"),
        (f"{SOFT}Global:\n  arch: YOLO\n", "in ACT's own nodes, "),
        (f"{SOFT}  node: [conv2d_9.tmp_1]\n", "in conv2d_9.tmp_1 that is the width of a map"),
        (f"{SOFT}  node: [teacher_conv2d_9.tmp_1, x]\n", "in conv2d_9.tmp_1 that is the width"),
        ("Distillation:\n  loss: [l2, soft_label]\n  alpha: [1.0, 1.0]\n", "in ACT's own nodes, "),
    ],
)
def test_maps_and_boxes_have_no_axis_of_classes_at_the_end(text, what):
    ((line, message),) = messages(RULE, text)
    assert line == 2
    assert message.startswith(f"soft_label takes the softmax along the last axis; {what}")


@pytest.mark.parametrize(
    "text",
    [
        "Distillation:\n  loss: l2\n",
        f"{SOFT}  node: [softmax_0.tmp_0]\n",
        f"{SOFT}  node: [linear_3.tmp_1]\n",
        f"{SOFT}Global:\n  data_dir: ILSVRC2012\n",
        f"{SOFT}Global:\n  task_name: sst-2\n",
        "QuantAware:\n",
    ],
)
def test_classifiers_and_nodes_with_scores_pass(text):
    assert findings(RULE, text) == []


def test_shapes_of_the_export_decide_where_they_are_known():
    scores = {**GRAPH, "candidate_shapes": {"a": (-1, 80)}}
    maps = {**GRAPH, "candidate_shapes": {"a": (-1, 80), "b": (-1, 4, 64, 64)}}
    assert findings(RULE, SOFT, graph=scores) == []
    ((_, message),) = messages(RULE, SOFT, graph=maps)
    assert "in b, of shape [-1, 4, 64, 64], that is a width or coordinates" in message
    assert findings(RULE, f"{SOFT}  node: [a]\n", graph=maps) == []


def test_the_loss_does_not_see_a_constant_in_each_row_of_a_map():
    """``single_distiller.soft_label``: the mean cross entropy of two softmaxes, axis -1."""

    def softmax(values):
        powers = np.exp(values - values.max(axis=-1, keepdims=True))
        return powers / powers.sum(axis=-1, keepdims=True)

    def soft_label(teacher, student):
        return -(softmax(teacher) * np.log(softmax(student))).sum(axis=-1).mean()

    random = np.random.default_rng(0)
    teacher = random.normal(size=(1, 19, 8, 8))
    shifted = teacher + random.normal(size=(1, 19, 8, 1)) * 10
    assert (teacher.argmax(axis=1) != shifted.argmax(axis=1)).mean() > 0.5
    assert soft_label(teacher, shifted) == pytest.approx(soft_label(teacher, teacher))
    assert ((teacher - shifted) ** 2).mean() > 10
