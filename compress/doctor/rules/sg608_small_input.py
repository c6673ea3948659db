"""The image is too small for what the model picks from it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

FEW = re.compile(r"x has only (\d+) element, can not find (\d+) top values")
SMALL = {
    "stage": "compress",
    "kind": "error",
    "message": "InvalidArgumentError: x has only 852 element, can not find 900 top values.",
}


def check(subject: Subject) -> Iterator[Problem]:
    """A model that picks more candidates than the feature maps have places."""
    failure = subject.failure
    assert failure is not None
    match = FEW.search(f"{failure.message}\n{failure.log}")
    if match is not None:
        places, candidates = match.groups()
        yield Problem(
            f"the model picks {candidates} candidates, and images of this size give {places}", ()
        )


RULE = Rule(
    code="SG608",
    name="small-input",
    severity="error",
    stage="failure",
    title="Images too small for the number of candidates",
    why=(
        "DINO and RT-DETR pick a fixed number of places (900, 300) from all feature maps. An "
        "image of 160×256 has 852."
    ),
    remedy="Use a larger `--max-side`, or a larger input size in the config.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"failure": SMALL},
        good_facts={"failure": {**SMALL, "message": "InvalidArgumentError: x"}},
    ),
)
