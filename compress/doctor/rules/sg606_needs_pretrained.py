"""The suite cannot build the model without downloading pretrained weights."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

DOWNLOAD = re.compile(r"Download from \S+ failed")
SIGN = "path should be string, bytes, os.PathLike or integer, not NoneType"
WITHOUT = {"stage": "export", "kind": "error", "message": f"RuntimeError: stat: {SIGN}"}


def check(subject: Subject) -> Iterator[Problem]:
    """An export that opens a file without a name, or cannot download one."""
    failure = subject.failure
    assert failure is not None
    text = f"{failure.message}\n{failure.log}"
    if failure.stage == "export" and (SIGN in text or DOWNLOAD.search(text)):
        yield Problem("the suite cannot build this backbone without its pretrained weights", ())


RULE = Rule(
    code="SG606",
    name="needs-pretrained",
    severity="error",
    stage="failure",
    title="The suite cannot build the model without downloading pretrained weights",
    why=(
        "Workers have no network, and `pretrained` addresses are emptied before a model is built."
        " The segmentation suite's VisionTransformer opens the file of its pretrained weights "
        "without asking whether there is one, even where trained weights of the whole model would"
        " replace them; the detection suite's Swin Transformer and CLRNet fetch theirs from an "
        "address in the code."
    ),
    remedy="Let the suite skip the file when `pretrained` is empty, as its other backbones do.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"failure": WITHOUT},
        good_facts={"failure": {**WITHOUT, "message": "KeyError: 'x'"}},
    ),
)
