"""The suite's own code fails."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compress.doctor.facts import FailureFacts
from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.sg603_out_of_memory import ran_out_of_memory
from compress.suites import SUITES

PACKAGES = [package for suite in SUITES.values() for package in suite.dialect.code]
FRAME = re.compile(
    rf'File "[^"]*?(?<!/suites)/((?:{"|".join(PACKAGES)})/[\w/]+\.py)", line (\d+), in (\w+)'
)
ERROR = re.compile(r"^[ \t]*(\w*(?:Error|Exception): .+)$", re.MULTILINE)
REFUSAL = re.compile(r"\bERROR: (.+)$", re.MULTILINE)
"""What a suite logs before it ends the process, for example on a model that it cannot export."""
ENDED = ("SystemExit", "the worker ended with exit code")
EXPLAINED_BETTER = ("Download from", "ModuleNotFoundError", "NoneType", "KeyError: 'img_")
LOG = (
    f'File "/x/{PACKAGES[0]}/models/a.py", line 7, in forward\n    y = x[9]\n'
    "IndexError: list index out of range\n"
)
BROKEN = {"stage": "export", "kind": "error", "message": "IndexError: list index", "log": LOG}


def check(subject: Subject) -> Iterator[Problem]:
    """A failed export whose innermost known frame lies in the suite's code."""
    failure = subject.failure
    assert failure is not None
    if failure.stage != "export" or failure.kind != "error" or ran_out_of_memory(failure):
        return
    has_exited = failure.message.startswith(ENDED)
    refusals = REFUSAL.findall(failure.log) if has_exited else []
    place = suite_frame(failure)
    if refusals:
        where = f" in {place}" if place else ""
        yield Problem(f"the suite gives up{where}: {refusals[-1][:200]}", ())
    elif place is not None and not any(word in failure.message for word in EXPLAINED_BETTER):
        errors = ERROR.findall(failure.log) or [failure.message.strip()]
        yield Problem(f"the suite's own code fails in {place}: {errors[-1][:200]}", ())


def suite_frame(failure: FailureFacts) -> str | None:
    """``ppdet/engine/trainer.py:80 (__init__)``: the last frame of the suite in message and log."""
    frames = FRAME.findall(failure.log) or FRAME.findall(failure.message)
    return f"{frames[-1][0]}:{frames[-1][1]} ({frames[-1][2]})" if frames else None


RULE = Rule(
    code="SG601",
    name="suite-error",
    severity="error",
    stage="failure",
    title="The suite's own code fails",
    why=(
        "Some models of the suites cannot be exported as they are: they compute with sizes that "
        "are known only at run time, or use what the export does not offer."
    ),
    remedy=(
        "Check the code that the message names; the suite's own `tools/export` script fails "
        "there, too."
    ),
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"failure": BROKEN},
        good_facts={"failure": {**BROKEN, "log": ""}},
    ),
)
