"""A convolution whose filters are computed, in int8 on oneDNN."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

COMPUTED = re.compile(r"The input persistable var \[([^\]]+)\] of \[(\w*conv2d)\] op is not found")
FAILED = {
    "stage": "latency: compressed",
    "kind": "error",
    "message": "The input persistable var [reshape2_2.tmp_0] of [conv2d] op is not found.",
    "log": "",
}


def check(subject: Subject) -> Iterator[Problem]:
    """The message of ``compute_propagate_scales_mkldnn_pass``."""
    failure = subject.failure
    assert failure is not None
    match = COMPUTED.search(f"{failure.message}\n{failure.log}")
    if match is not None:
        name, op_type = match.groups()
        yield Problem(
            f"oneDNN's int8 passes want the filter of every {op_type} to be stored, and the model "
            f"computes one ({name})",
            (),
        )


RULE = Rule(
    code="SG610",
    name="computed-filters",
    severity="error",
    stage="failure",
    title="A convolution whose filters are computed, in int8 on oneDNN",
    why=(
        "Before it quantises anything, Paddle's int8 mode for CPUs looks up the filter of every "
        "convolution among the parameters. SOLOv2 computes the filters of its masks, so that no "
        "int8 model of it loads there, whatever the recipe leaves in fp32."
    ),
    remedy=(
        "Deploy the model in fp32 or bf16 on CPUs, or write the convolution as a matrix product "
        "in the suite's code."
    ),
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"failure": FAILED},
        good_facts={"failure": {**FAILED, "message": "the worker was killed by SIGSEGV"}},
    ),
)
