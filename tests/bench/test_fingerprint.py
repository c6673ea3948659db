"""A machine's fingerprint: what has to be equal to compare latencies, and what need not."""

import json
import os

import pytest
from pydantic import ValidationError

from bench.fingerprint import Fingerprint, cpu_flags, has_vnni, take_fingerprint
from compress.runtimes.runtime import own_runtime

OWN = own_runtime()
CPUINFO = """processor\t: 0
model name\t: Some CPU @ 2.00GHz
flags\t\t: fpu avx512_vnni avx2 avx512f sse

processor\t: 1
model name\t: Another
flags\t\t: amx_int8
"""


@pytest.fixture
def machine(monkeypatch):
    """Files below /proc and /sys, by path; the others are missing."""
    files = {"/proc/cpuinfo": CPUINFO}
    monkeypatch.setattr("bench.fingerprint._read", lambda path: files.get(path, ""))
    return files


def test_the_first_processor_describes_all(machine):
    fingerprint = take_fingerprint(2, OWN, "namespaces")
    assert fingerprint.cpu == "Some CPU @ 2.00GHz"
    assert fingerprint.flags == ("avx2", "avx512f", "avx512_vnni")  # in our order
    assert fingerprint.cores == len(os.sched_getaffinity(0))
    assert (fingerprint.threads, fingerprint.sandbox) == (2, "namespaces")
    assert fingerprint.memory_bytes > 0
    assert "python" in fingerprint.versions


def test_the_governor_is_read_where_there_is_one(machine):
    assert take_fingerprint(1, OWN).governor is None
    machine["/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"] = "performance\n"
    assert take_fingerprint(1, OWN).governor == "performance"


def test_a_machine_that_says_nothing_has_no_flags(machine):
    machine.clear()
    assert cpu_flags() == ()
    assert take_fingerprint(1, OWN).cpu


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"load_average": 9.0}, True),
        ({"sandbox": "namespaces"}, True),
        ({"threads": 8}, False),
        ({"runtime": "paddle-3.2.2-cpu"}, False),
        ({"cpu": "Another"}, False),
        ({"versions": {"python": "3.0"}}, False),
    ],
)
def test_circumstances_do_not_change_the_identity(machine, changes, same):
    fingerprint = take_fingerprint(2, OWN)
    assert len(fingerprint.identity) == 12
    other = fingerprint.model_copy(update=changes)
    assert (other.identity == fingerprint.identity) == same


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ((), False),
        (("avx2", "avx512f"), False),
        (("avx512_vnni",), True),
        (("avx_vnni",), True),
        (("amx_int8",), True),
    ],
)
def test_int8_is_fast_where_one_instruction_multiplies_it(flags, expected):
    assert has_vnni(flags) == expected


def test_this_machine_can_be_fingerprinted():
    fingerprint = take_fingerprint(1, OWN)
    assert fingerprint.cpu
    assert type(fingerprint).model_validate_json(fingerprint.model_dump_json()) == fingerprint


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cpu", "x" * 401),
        ("kernel", "x" * 401),
        ("governor", "x" * 401),
        ("flags", ["x" * 401]),
        ("versions", {"x" * 401: "1"}),
        ("versions", {"paddle": "x" * 401}),
        ("versions", {f"library{number}": "1" for number in range(201)}),
    ],
)
def test_what_a_machine_says_of_itself_has_a_bounded_size(field, value):
    data = take_fingerprint(1, OWN).model_dump(mode="json")
    with pytest.raises(ValidationError, match="at most"):
        Fingerprint.model_validate_json(json.dumps({**data, field: value}))
