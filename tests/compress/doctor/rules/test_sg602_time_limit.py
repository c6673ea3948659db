"""SG602: stages that exceeded their time limit."""

from compress.doctor.rules.sg602_time_limit import RULE
from tests.compress.doctor.rules import PTQ, failure, findings, messages


def test_the_stage_and_its_limit_are_named():
    facts = failure("latency: fp32", "no answer within 400 s; killed", kind="timeout")
    message = "latency: fp32 took longer than it may: no answer within 400 s; killed"
    assert messages(RULE, PTQ, failure=facts) == [(None, message)]


def test_other_kinds_of_failure_pass():
    assert findings(RULE, PTQ, failure=failure("export", "timeout")) == []
