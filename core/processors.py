"""The processors of this machine."""

from __future__ import annotations

import os


def default_threads() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0))
