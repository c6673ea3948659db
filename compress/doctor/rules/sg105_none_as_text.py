"""``None``, which YAML reads as text."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject, edits_of
from compress.recipes.kinds import takes_null

HARMLESS = {"params_filename", "teacher_params_filename"}
"""Keys for which PaddleSlim itself reads the text as null."""


def check(subject: Subject) -> Iterator[Problem]:
    """Every ``None`` in ACT's sections; the suites' scripts read the others."""
    for slip in subject.recipe.slips:
        if slip.kind == "null" and slip.where[-1] not in HARMLESS:
            message = "YAML reads None as the text 'None', not as null"
            if takes_null(slip.where):
                edits = edits_of(subject.recipe.replace(slip.where, "null"))
                yield Problem(f"{message}; write null", slip.where, edits)
            else:
                yield Problem(f"{message}; leave the key out", slip.where)


RULE = Rule(
    code="SG105",
    name="none-as-text",
    severity="error",
    stage="text",
    title="`None`, which YAML reads as text",
    why=(
        "YAML's null value is written `null`. A recipe that one of the suites ships, "
        "`ppliteseg_ptq.yaml`, says `recon_level: None`; PaddleSlim takes this for the name of an"
        " unknown level and ends in an assertion without a message."
    ),
    remedy="Write `null`, or leave the key out. `slimgate lint --fix` writes `null`.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n  recon_level: None\n",
        good="QuantPost:\n  batch_nums: 10\n  recon_level: null\n",
    ),
)
