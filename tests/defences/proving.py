"""Shows that a defence's test fails without it: runs pytest in copies of the working tree."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.errors import InputError
from tests.defences import outcomes
from tests.defences.entries import Defence, Entry, has_test
from tests.defences.tree import Tree

OPTIONS = (
    *("-q", "-n0", "--tb=short", "--continue-on-collection-errors"),
    *("-p", "no:cacheprovider", "-p", outcomes.__name__),
)
FAILED, PASSED = 1, 0
"""Exit codes of pytest; any other says that the tests did not run."""
BROKEN = re.compile(r"(E\s+)?(SyntaxError|IndentationError|NameError|ImportError)\b")
"""A failure that says nothing about the defence: what ``leave`` holds is no program."""
Result = Literal["proved", "survives", "not green", "broken", "does not apply"]


@dataclass(frozen=True)
class Outcome:
    """How a test ended; ``reason`` is the first line of the failure."""

    test: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class Proof:
    """``proved``: the test fails without the defence. ``survives``: it passes all the same. ``not
    green``: it does not pass with the defence in place. ``broken``: without the defence nothing
    runs. ``does not apply``: the text to remove is not there, or not once.
    """

    entry: Entry
    result: Result
    reason: str = ""
    duration_s: float = 0.0


def run_tests(tree: Tree, tests: Iterable[str]) -> tuple[int, list[Outcome]]:
    """pytest's exit code and the outcome of every test that ran."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        process = subprocess.run(
            [sys.executable, "-m", "pytest", *OPTIONS, *tests],
            cwd=tree.root,
            env={**tree.environment, outcomes.FILE: file.name},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        lines = Path(file.name).read_text("utf-8").split("\n")
    return process.returncode, [Outcome(**json.loads(line)) for line in lines if line]


def not_green(tree: Tree, defences: Sequence[Defence]) -> dict[str, str]:
    """The tests that do not pass with every defence in place, with the reason.

    Whole functions are run: pytest runs nothing at all if one of several tests does not exist.
    """
    functions = [d.test.partition("[")[0] for d in defences if has_test(d, tree.root)]
    run = _run_all(tree, list(dict.fromkeys(functions)))
    tests = dict.fromkeys(defence.test for defence in defences)
    return {test: reason for test in tests if (reason := _why_not_green(test, run))}


def _run_all(tree: Tree, functions: Sequence[str]) -> list[Outcome]:
    """Runs the functions; file by file if one of the files cannot be imported."""
    code, run = run_tests(tree, functions) if functions else (PASSED, [])
    if code in (PASSED, FAILED):
        return run
    files = dict.fromkeys(function.partition("::")[0] for function in functions)
    shares = ([f for f in functions if f.startswith(f"{file}::")] for file in files)
    return [outcome for share in shares for outcome in run_tests(tree, share)[1]]


def _why_not_green(test: str, run: Sequence[Outcome]) -> str:
    own = [item for item in run if item.test == test or item.test.startswith(f"{test}[")]
    bad = next((item for item in own if item.outcome != "passed"), None)
    if bad is not None:
        return f"{bad.outcome}: {bad.reason}"
    return "" if own else "there is no such test, or its file cannot be imported"


def prove(entry: Entry, tree: Tree, problems: Mapping[str, str]) -> Proof:
    """Runs the entry's test in the tree without the defence. ``problems``: by test, why it is not
    green with the defence in place.
    """
    start = time.monotonic()
    defence = entry.defence
    try:
        with tree.without(defence):
            if defence.test in problems:
                return Proof(entry, "not green", problems[defence.test])
            result, reason = _without_defence(tree, defence)
    except (InputError, OSError, UnicodeDecodeError) as error:
        reason = error.message if isinstance(error, InputError) else str(error)
        return Proof(entry, "does not apply", reason)
    return Proof(entry, result, reason, time.monotonic() - start)


def _without_defence(tree: Tree, defence: Defence) -> tuple[Result, str]:
    code, run = run_tests(tree, [defence.test])
    failures = [item.reason for item in run if item.outcome == "failed"]
    if code == PASSED:
        return "survives", ""
    if code != FAILED or not failures:
        return "broken", f"pytest ended with {code}"
    if all(map(BROKEN.match, failures)):
        return "broken", failures[0]
    return "proved", failures[0]
