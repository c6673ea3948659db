"""Reads requirements files in which every package is pinned."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from core.files import read_file
from core.lines import split_lines

MAX_BYTES = 2**22
PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9.+!_-]+)")


def read_pins(files: Iterable[Path]) -> dict[str, str]:
    """Versions by the name of the distribution. Of several pins of one package, for Pythons of
    their own, the last counts.
    """
    texts = (read_file(file, MAX_BYTES).decode(errors="replace") for file in files)
    lines = (line for text in texts for line in split_lines(text))
    pins = (match for line in lines if (match := PIN.match(line)))
    return {match[1].lower().replace("_", "-"): match[2] for match in pins}
