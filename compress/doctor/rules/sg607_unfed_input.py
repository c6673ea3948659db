"""The model reads an input that an export does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

READ = re.compile(r"self\.inputs\[[\"'](\w+)[\"']\]")
MISSING = re.compile(r"KeyError: '(\w+)'")
LOG = "head_outs = self.head(feats, self.inputs[\"img_whwh\"])\nKeyError: 'img_whwh'\n"
UNFED = {"stage": "export", "kind": "error", "message": "KeyError: 'img_whwh'", "log": LOG}


def check(subject: Subject) -> Iterator[Problem]:
    """A missing key that the model's code reads from its inputs."""
    failure = subject.failure
    assert failure is not None
    text = f"{failure.message}\n{failure.log}"
    missing = set(MISSING.findall(text)) & set(READ.findall(text))
    if failure.stage == "export" and missing:
        name = min(missing)
        yield Problem(f"the model reads the input {name!r}, which the suite's export lacks", ())


RULE = Rule(
    code="SG607",
    name="unfed-input",
    severity="error",
    stage="failure",
    title="The model reads an input that an export does not have",
    why=(
        "The detection suite exports with `image`, `im_shape` and `scale_factor`. Sparse R-CNN "
        "also reads `img_whwh`, for which its export has no input: upstream's own script fails in"
        " the same way."
    ),
    remedy="Add the input to `Trainer._get_infer_cfg_and_input_spec`, or leave the model out.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"failure": UNFED},
        good_facts={"failure": {**UNFED, "log": "", "message": "KeyError: 'x'"}},
    ),
)
