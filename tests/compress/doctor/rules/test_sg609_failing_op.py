"""SG609: ops of the exported model that fail when they run."""

import pytest

from compress.doctor.rules.sg609_failing_op import RULE
from tests.compress.doctor.rules import PTQ, failure, findings, messages

OP = "  [operator < pool2d > error]\n"


def test_the_last_op_and_the_reason_before_it_are_named():
    log = f"ValueError: first\n  [operator < conv2d > error]\nValueError: second\n{OP}KeyError: 3\n"
    message = "the op pool2d of the exported model fails: ValueError: second"
    assert messages(RULE, PTQ, failure=failure("compress", "", log=log)) == [(None, message)]


def test_long_reasons_are_cut():
    ((_, message),) = messages(
        RULE, PTQ, failure=failure("compress", "", log=f"ValueError: {'x' * 300}\n{OP}")
    )
    assert message == f"the op pool2d of the exported model fails: ValueError: {'x' * 188}"


def test_an_op_without_a_reason_is_still_named():
    message = "the op pool2d of the exported model fails"
    assert messages(RULE, PTQ, failure=failure("compress", "", log=OP)) == [(None, message)]


@pytest.mark.parametrize(
    "log",
    [
        "ValueError: x\n",
        f"MemoryError: x\n{OP}",  # SG603
        f"x has only 12 element, can not find 300 top values.\n{OP}",  # SG608
    ],
)
def test_what_other_rules_explain_is_left_to_them(log):
    assert findings(RULE, PTQ, failure=failure("compress", "", log=log)) == []
