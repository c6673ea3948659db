"""An op of the exported model fails when it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.sg603_out_of_memory import ran_out_of_memory
from compress.doctor.rules.sg608_small_input import FEW

OP = re.compile(r"\[operator < (\w+) > error\]")
REASON = re.compile(r"^[ \t]*(\w*Error: [^\n]+)", re.MULTILINE)
LOG = (
    "InvalidArgumentError: index should less than output tensor height * output tensor width.\n"
    "  [operator < unpool > error]\n"
)
FAILED = {"stage": "compress", "kind": "error", "message": "ValueError: unpool", "log": LOG}


def check(subject: Subject) -> Iterator[Problem]:
    """An error in which Paddle names the op; its reason stands before the name."""
    failure = subject.failure
    assert failure is not None
    text = f"{failure.message}\n{failure.log}"
    ops = list(OP.finditer(text))
    if not ops or FEW.search(text) or ran_out_of_memory(failure):
        return
    reasons = REASON.findall(text[: ops[-1].start()])
    suffix = f": {reasons[-1].strip()[:200]}" if reasons else ""
    yield Problem(f"the op {ops[-1].group(1)} of the exported model fails{suffix}", ())


RULE = Rule(
    code="SG609",
    name="failing-op",
    severity="error",
    stage="failure",
    title="An op of the exported model fails when it runs",
    why=(
        "Calibration and training are the first to run an exported model. SegNet's `unpool` "
        "fails there, before anything is quantised."
    ),
    remedy="Check the op in the suite's code. If the input was reduced, try the config's own size.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"failure": FAILED},
        good_facts={"failure": {**FAILED, "log": ""}},
    ),
)
