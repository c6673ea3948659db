"""SG608: images too small for the number of candidates."""

from compress.doctor.rules.sg608_small_input import RULE
from tests.compress.doctor.rules import PTQ, failure, findings, messages

PADDLE = "InvalidArgumentError: x has only 12 element, can not find 300 top values."


def test_both_numbers_are_named_wherever_paddle_prints_them():
    message = "the model picks 300 candidates, and images of this size give 12"
    for facts in (failure("latency", PADDLE), failure("compress", "ValueError", log=PADDLE)):
        assert messages(RULE, PTQ, failure=facts) == [(None, message)]


def test_other_errors_pass():
    assert findings(RULE, PTQ, failure=failure("compress", "x has only 12 element")) == []
