"""A plugin of pytest that writes the outcome of each test to a file of JSON Lines."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

FILE = "SLIMGATE_TEST_OUTCOMES"
"""The variable that names the file."""


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Of a test's phases (setup, call, teardown) those that say more than that it went on."""
    if report.when == "call" or report.outcome != "passed":
        line = {"test": report.nodeid, "outcome": report.outcome, "reason": _reason(report)}
        with Path(os.environ[FILE]).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")


def _reason(report: pytest.TestReport) -> str:
    """The first line of what went wrong."""
    crash = getattr(report.longrepr, "reprcrash", None)
    text = crash.message if crash else str(report.longrepr or "")
    return text.strip().partition("\n")[0][:300]
