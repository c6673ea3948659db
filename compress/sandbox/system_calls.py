"""Refuses the system calls that reach what no namespace separates.

The kernel's keyrings belong to a user, and a session hands its own to every process that it starts:
a worker could read the user's keys there, and leave some for the workers of another change. A
network namespace does not hold sockets of a virtual machine or of Bluetooth. The other calls serve
no worker, and are common ways into the kernel.
"""

from __future__ import annotations

import errno
import os
import platform
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
"""The families of sockets that a network namespace or the file system separates."""
IO_URING = (425, 426, 427)
LOAD, EQUALS, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
"""Where the kernel puts what a filter may look at."""
ALLOW, ERROR = 0x7FFF0000, 0x00050000
OTHER_NUMBERS = 0x40000000
"""From here on calls have other numbers: those of programs with short pointers."""


@dataclass(frozen=True)
class Calls:
    """Numbers of system calls on one kind of processor; ``architecture`` is the kernel's name of
    it. ``refused``: add_key, request_key, keyctl, perf_event_open, bpf, userfaultfd, io_uring.
    """

    architecture: int
    socket: int
    refused: tuple[int, ...]


CALLS = {
    "x86_64": Calls(0xC000003E, 41, (248, 249, 250, 298, 321, 323, *IO_URING)),
    "aarch64": Calls(0xC00000B7, 198, (217, 218, 219, 241, 280, 282, *IO_URING)),
}
"""By kind of processor; there is no filter on others, for which Paddle is not published."""


def filter_program(calls: Calls) -> bytes:
    """The filter as the kernel's small processor runs it: eight bytes for each instruction."""
    missing, family = ERROR + errno.ENOSYS, ERROR + errno.EAFNOSUPPORT
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUALS, 1, 0, calls.architecture),
        (RETURN, 0, 0, missing),
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, 0, 1, OTHER_NUMBERS),
        (RETURN, 0, 0, missing),
    ]
    for number in calls.refused:
        steps += [(EQUALS, 0, 1, number), (RETURN, 0, 0, missing)]
    steps += [(EQUALS, 1, 0, calls.socket), (RETURN, 0, 0, ALLOW), (LOAD, 0, 0, FIRST_ARGUMENT)]
    for kind in FAMILIES:
        steps += [(EQUALS, 0, 1, kind), (RETURN, 0, 0, ALLOW)]
    steps.append((RETURN, 0, 0, family))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


@contextmanager
def open_filter() -> Iterator[int | None]:
    """A descriptor from which bubblewrap can read the filter once; None where there is none."""
    calls = CALLS.get(platform.machine())
    if calls is None:
        yield None
        return
    descriptor = os.memfd_create("filter")
    try:
        os.write(descriptor, filter_program(calls))
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)
