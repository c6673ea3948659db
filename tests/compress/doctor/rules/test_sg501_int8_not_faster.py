"""SG501: int8 that is not faster than fp32, with the reason that fits the measurements."""

import pytest

from compress.doctor.rules.sg501_int8_not_faster import RULE
from tests.compress.doctor.rules import GRAPH, PTQ, findings, messages

SLOW = {"latency_before_ms": 41.0, "latency_after_ms": 42.0}
FULL = {**SLOW, "low_precision": 47, "convolutions": 47, "vnni": False}
TWO_STAGES = {**GRAPH, "ops": {"multiclass_nms3": 1}}


@pytest.mark.parametrize(
    ("measured", "graph", "reason"),
    [
        ({"low_precision": 23}, GRAPH, "only 23 of 47 convolutions run in int8"),
        ({"low_precision": 23, "convolutions": 46}, GRAPH, "no VNNI"),
        ({"computing": 0.5}, GRAPH, "no VNNI"),
        ({"reference": 0.2, "reference_kernels": 1}, GRAPH, "no VNNI"),
        ({"latency_after_ms": 90.0}, TWO_STAGES, "does more work where it detects more"),
        ({"latency_after_ms": 61.5}, TWO_STAGES, "no VNNI"),
        (
            {"computing": 0.9, "reference": 0.7, "reference_kernels": 8},
            GRAPH,
            "70% of its time goes into 8 convolutions for which oneDNN has only a reference kernel",
        ),
        (
            {"computing": 0.02, "converting": 0.01},
            GRAPH,
            "take 2% of its time and conversions 1%; the rest is not quantised",
        ),
        ({"vnni": True}, GRAPH, "the layers are so small that converting"),
    ],
)
def test_the_reason_fits_what_was_measured(measured, graph, reason):
    ((_, message),) = messages(RULE, PTQ, graph=graph, result={**FULL, **measured})
    assert message.startswith("compressed takes ")
    assert reason in message


def test_int8_counts_as_not_faster_only_where_that_is_certain():
    found = {
        high: len(findings(RULE, PTQ, result={**SLOW, "speedup": (0.9, high)}))
        for high in (1.04, 1.05, 1.3)
    }
    assert found == {1.04: 1, 1.05: 0, 1.3: 0}


def test_a_speed_up_below_five_per_cent_is_none():
    assert len(findings(RULE, PTQ, result={**SLOW, "latency_before_ms": 44.0})) == 1
    assert findings(RULE, PTQ, result={**SLOW, "latency_before_ms": 44.2}) == []


def test_other_precisions_and_recipes_and_unmeasured_runs_pass():
    assert findings(RULE, PTQ, result=SLOW, target={"name": "cpu-onednn-bf16"}) == []
    assert findings(RULE, "Distillation:\n", result=SLOW) == []
    assert findings(RULE, PTQ, result={"latency_after_ms": 42.0}) == []
