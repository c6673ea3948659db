"""Paddle Inference crashes on the model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

KERNEL = re.compile(r"phi::(\w+Kernel)<")
STAGES = ("load", "build", "latency", "proof", "accuracy")
CRASHED = {
    "stage": "load",
    "kind": "signal",
    "message": "the worker was killed by SIGSEGV",
    "log": "6 void phi::BatchNormKernel<float, phi::OneDNNContext>(phi::OneDNNContext const&)",
}


def check(subject: Subject) -> Iterator[Problem]:
    """A worker that crashed by a signal of its own while it ran the model."""
    failure = subject.failure
    assert failure is not None
    stage = failure.stage.partition(":")[0]
    if failure.kind != "signal" or stage not in STAGES or "SIGKILL" in failure.message:
        return
    kernels = KERNEL.findall(failure.log)
    where = f" in {kernels[-1]}" if kernels else ""
    engine = ", on oneDNN" if "OneDNNContext" in failure.log else ""
    yield Problem(f"Paddle Inference crashes{where}{engine}: {failure.message}", ())


RULE = Rule(
    code="SG604",
    name="engine-crash",
    severity="error",
    stage="failure",
    title="Paddle Inference crashes on the model",
    why=(
        "slimgate disables graph passes and kernels of oneDNN that crash, such as that of a batch"
        " norm without bias in Paddle 2.6.2. Where that is not enough, the model cannot be "
        "deployed on this engine as it is."
    ),
    remedy=(
        "Try another engine (`slimgate bench MODEL --target cpu-native-fp32`), another Paddle, or "
        "an export with a fixed size; report it to Paddle with the traceback in the log."
    ),
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"failure": CRASHED},
        good_facts={"failure": {**CRASHED, "stage": "export"}},
    ),
)
