"""SG603: runs that ran out of memory."""

import pytest

from compress.doctor.diagnose import diagnose
from compress.doctor.rule import subject_of
from compress.doctor.rules.sg603_out_of_memory import RULE
from tests.compress.doctor.rules import PTQ, failure, findings

FRAME = 'File "/x/paddleseg/models/a.py", line 72, in _save\n'


@pytest.mark.parametrize(
    "facts",
    [
        failure("export", "the worker ended with exit code 1", log="MemoryError: std::bad_alloc\n"),
        failure("export", "MemoryError: std::bad_alloc", log=FRAME),
        failure(
            "compress",
            "MemoryError: (ResourceExhausted) Fail to alloc memory",
            log="MemoryError: (ResourceExhausted) Fail\n  [operator < batch_norm > error]",
        ),
        failure("load", "the worker was killed by SIGKILL", kind="signal"),
        failure("load", "over its memory limit of 8 GiB", kind="limit"),
    ],
)
def test_the_place_where_memory_ran_out_does_not_matter(facts):
    found = diagnose(subject_of(PTQ, {"failure": facts}))
    message = f"{facts['stage']} ran out of memory"
    assert [(finding.code, finding.message) for finding in found] == [("SG603", message)]


@pytest.mark.parametrize(
    "facts",
    [
        failure("load", "the worker was killed by SIGSEGV", kind="signal"),
        failure("load", "over its limit of 100 processes", kind="limit"),
        failure("load", "killed by SIGKILL"),
        failure("load", "OutOfMemoryErrors: none"),
    ],
)
def test_other_signals_and_limits_pass(facts):
    assert findings(RULE, PTQ, failure=facts) == []
