"""SG127: ``include_nms`` against the architecture and the export."""

import pytest

from compress.doctor.rules.sg127_nms_differs import RULE
from tests.compress.doctor.rules import GRAPH, findings, messages


def suite(nms, arch="", evaluation="true"):
    return f"Global:\n  Evaluation: {evaluation}\n  include_nms: {nms}\n{arch}"


PPYOLOE = "  arch: PPYOLOE\n"
WITH_NMS = {**GRAPH, "ops": {"multiclass_nms3": 1}}


@pytest.mark.parametrize("arch", ["", "  arch: PicoDet\n", "  arch: YOLO\n"])
def test_only_pp_yoloe_can_be_evaluated_without_nms(arch):
    ((line, message),) = messages(RULE, suite("false", arch))
    assert line == 3
    assert message.startswith("without NMS the suite's script can evaluate PPYOLOE only")


def test_the_export_is_compared_where_it_is_known():
    assert findings(RULE, suite("false", PPYOLOE)) == []
    assert findings(RULE, suite("false", PPYOLOE), graph=GRAPH) == []
    assert messages(RULE, suite("false", PPYOLOE), graph=WITH_NMS) == [
        (3, "include_nms is false, but the export ends in NMS: set it to true")
    ]
    assert messages(RULE, suite("true", PPYOLOE), graph=GRAPH) == [
        (3, "include_nms is true, but the export has no NMS: set it to false")
    ]
    assert findings(RULE, suite("true", PPYOLOE), graph=WITH_NMS) == []


@pytest.mark.parametrize(
    "text",
    [
        suite("true"),
        suite("false", evaluation="false"),
        suite("false", "  arch: keypoint\n"),
        "Global:\n  include_nms: false\n",
        "Global:\n  Evaluation: true\n",
        "QuantAware:\n",
    ],
)
def test_scripts_that_do_not_decode_pass(text):
    assert findings(RULE, text) == []
