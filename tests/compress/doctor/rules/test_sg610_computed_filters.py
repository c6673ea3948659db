"""SG610: convolutions whose filters are computed, in int8 on oneDNN."""

import pytest

from compress.doctor.rules.sg610_computed_filters import RULE
from tests.compress.doctor.rules import PTQ, failure, findings, messages

PASS = "The input persistable var [{}] of [{}] op is not found."


@pytest.mark.parametrize("op_type", ["conv2d", "depthwise_conv2d", "fused_conv2d"])
def test_the_op_and_its_filter_are_named(op_type):
    log = PASS.format("reshape2_2.tmp_0", op_type)
    message = (
        f"oneDNN's int8 passes want the filter of every {op_type} to be stored, and the model "
        "computes one (reshape2_2.tmp_0)"
    )
    facts = failure("latency: compressed", "NotFoundError", log=log)
    assert messages(RULE, PTQ, failure=facts) == [(None, message)]


def test_ops_other_than_convolutions_pass():
    facts = failure("load", PASS.format("w", "matmul_v2"))
    assert findings(RULE, PTQ, failure=facts) == []
