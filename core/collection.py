"""Puts off the search for unreachable cycles of objects (Python's ``gc``)."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Inside, nothing is searched for: hundreds of thousands of nodes of syntax, which are in no
    cycles, are otherwise looked at over and over, for a third of the time that reading them takes.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
