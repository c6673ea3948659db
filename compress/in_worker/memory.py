"""How much memory this worker took."""

from __future__ import annotations

import re
import resource
from pathlib import Path

PEAK = re.compile(r"^VmHWM:\s*(\d+) kB$", re.MULTILINE)
"""The peak of the program that runs now. ``ru_maxrss`` is at least that of the process which
started the program, since the kernel carries it over.
"""


def peak_memory_bytes() -> int:
    """The most memory that this process held since its program began."""
    found = PEAK.search(Path("/proc/self/status").read_text())
    kib = int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kib * 1024
