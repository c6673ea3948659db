"""The suite imports a package that is not installed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

MISSING = re.compile(r"No module named '([\w.]+)'")
ABSENT = {
    "stage": "export",
    "kind": "error",
    "message": "ModuleNotFoundError: No module named 'paddlenlp'",
}


def check(subject: Subject) -> Iterator[Problem]:
    """Python's own message, in the failure or at the end of the log."""
    failure = subject.failure
    assert failure is not None
    match = MISSING.search(failure.message) or MISSING.search(failure.log)
    if match is None:
        return
    package, _, module = match.group(1).partition(".")
    if module:
        message = (
            f"the installed {package} has no {package}.{module}: the suite needs another version"
        )
    else:
        message = f"the model needs the package {package}, which is not installed"
    yield Problem(message, ())


RULE = Rule(
    code="SG605",
    name="missing-package",
    severity="error",
    stage="failure",
    title="The suite imports a package that is not installed",
    why=(
        "Few models of the suites need packages beyond the common ones, such as a compiled "
        "operator or PaddleNLP; slimgate installs what most of them need."
    ),
    remedy="Install the package into slimgate's environment, or leave the model out.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"failure": ABSENT},
        good_facts={"failure": {**ABSENT, "message": "KeyError: 'x'"}},
    ),
)
