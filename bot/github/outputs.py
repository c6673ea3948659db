"""Writes a job's outputs, which later jobs read through ``needs``."""

from __future__ import annotations

from pathlib import Path


def write_outputs(file: Path, **values: str) -> None:
    """Adds lines to ``GITHUB_OUTPUT``; raises ValueError for a value with a line break, which could
    smuggle in other outputs.
    """
    for name, value in values.items():
        if "\n" in value or "\r" in value:
            raise ValueError(f"the output {name} has more than one line")
    with file.open("a", encoding="utf-8") as stream:
        stream.writelines(f"{name}={value}\n" for name, value in values.items())
