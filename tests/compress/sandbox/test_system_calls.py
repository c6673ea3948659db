"""What no namespace separates is refused, and what workers need is not."""

import errno
import platform
import socket
import struct
import sys

import pytest

from compress.runtimes.runtime import own_runtime
from compress.sandbox.access import Access, Limits
from compress.sandbox.confinement import Confinement
from compress.sandbox.system_calls import (
    ALLOW,
    ARCHITECTURE,
    CALLS,
    EQUALS,
    ERROR,
    FIRST_ARGUMENT,
    LOAD,
    NUMBER,
    OTHER_NUMBERS,
    RETURN,
    filter_program,
    open_filter,
)

BLUETOOTH = 31
PYTHON = Access(own_runtime().reads)
LIMITS = Limits(2**31, 2000, 2**30, 1000)
CALL = """import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
number, *rest = (int(word) for word in sys.argv[1:])
print(libc.syscall(number, *rest), ctypes.get_errno())"""
SOCKET = """import socket, sys
try:
    socket.socket(int(sys.argv[1]), socket.SOCK_STREAM).close()
    print("opened")
except OSError as error:
    print(error.errno)"""

pytestmark = pytest.mark.skipif(platform.machine() not in CALLS, reason="no filter here")


@pytest.fixture
def confined(tmp_path):
    """Runs a Python program in a sandbox; returns what it prints."""

    def run(program, *words):
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        with open_filter() as refusals:
            sandbox = Confinement(folder, tmp_path / "log", PYTHON, LIMITS, None, refusals=refusals)
            done = sandbox.run([sys.executable, "-c", program, *map(str, words)])
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


def test_keys_of_the_users_session_cannot_be_reached(confined):
    for number in CALLS[platform.machine()].refused:
        assert confined(CALL, number, 0, 0, 0, 0, 0) == f"-1 {errno.ENOSYS}"


def decide(calls, number, architecture):
    """What the kernel returns for a call whose first argument is 0."""
    memory = {NUMBER: number, ARCHITECTURE: architecture, FIRST_ARGUMENT: 0}
    steps, position, value = [*struct.iter_unpack("=HBBI", filter_program(calls))], 0, 0
    while True:
        code, yes, no, k = steps[position]
        position += 1
        if code == RETURN:
            return k
        if code == LOAD:
            value = memory[k]
        else:
            position += yes if (value == k if code == EQUALS else value >= k) else no


@pytest.mark.parametrize("calls", CALLS.values(), ids=CALLS)
def test_calls_by_the_numbers_of_other_programs_are_refused(calls):
    refused, keyctl = ERROR + errno.ENOSYS, calls.refused[2]
    assert decide(calls, 0, calls.architecture) == ALLOW
    assert decide(calls, keyctl, calls.architecture) == refused
    assert decide(calls, OTHER_NUMBERS + keyctl, calls.architecture) == refused
    assert decide(calls, 0, calls.architecture ^ 2**31) == refused


def test_sockets_that_no_namespace_holds_cannot_be_opened(confined):
    for family in (socket.AF_VSOCK, BLUETOOTH, socket.AF_ALG):
        assert confined(SOCKET, family) == str(errno.EAFNOSUPPORT)
    for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6):
        assert confined(SOCKET, family) == "opened"
