"""Renders the page about the keys of configs.

Run as: ``python -m examples.key_page docs/config-keys.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from compress.suites import SUITES
from compress.suites.coverage import Coverage

START = """# What becomes of each key

This page is made from the tables beside the dialects (`make key-docs`). The longest path that a key
lies at or below decides. `make check-keys SUITE=paddleseg REPO=…` walks the configs of a checkout
and prints keys without a row.

- **measured**: a change shows in accuracy, latency or size.
- **without influence**: nothing that slimgate measures depends on it.
- **not measured**: the suite's own result depends on it, and slimgate does not measure it. A case
  whose value would matter is a row "not measured" with the key, nothing runs for it, and the gate
  does not pass.

Sections of PaddleDetection that are named like a class of the model (`PicoDet`, `LCNet`, …) are
measured, since the model is exported and run.

A change of a key marked with † makes accuracies of base and head incomparable: it decides what is
counted.
"""
TITLES = {"paddleseg": "PaddleSeg", "paddledet": "PaddleDetection"}


def render() -> str:
    """The page."""
    parts = (part for name, suite in SUITES.items() for part in _suite(name, suite.coverage))
    return "\n".join([START, *parts])


def _suite(name: str, coverage: Coverage) -> Iterator[str]:
    """The rows of a suite; keys of one fate with the same words share a row."""
    yield f"## {TITLES.get(name, name)}\n"
    yield "| keys | fate | because it |"
    yield "|---|---|---|"
    for (fate, word), rows in groupby(coverage.rows(), key=lambda row: row[1:]):
        keys = ", ".join(
            f"`{key}`" + ("†" if key in coverage.counted else "") for key, _, _ in rows
        )
        yield f"| {keys} | {fate} | {word} |"
    listed = {key for key, _, _ in coverage.rows()}
    inner = ", ".join(f"`{key}`" for key in coverage.counted if key not in listed)
    yield f"\nCounted within these sections: {inner}.\n" if inner else ""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render(), encoding="utf-8")
