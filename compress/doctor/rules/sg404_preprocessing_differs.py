"""Validation is preprocessed otherwise than training."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

BAD = {"training": ("Normalize mean=0.5",), "evaluation": ("Normalize mean=0.485",)}


def check(subject: Subject) -> Iterator[Problem]:
    """Steps that both have, with other settings."""
    data = subject.data
    assert data is not None
    if data.training and data.evaluation and data.training != data.evaluation:
        differing = sorted(set(data.training) ^ set(data.evaluation))
        yield Problem(
            f"training and validation are preprocessed differently: {'; '.join(differing)}", ()
        )


RULE = Rule(
    code="SG404",
    name="preprocessing-differs",
    severity="warning",
    stage="data",
    title="Validation is preprocessed otherwise than training",
    why=(
        "PP-MobileSeg lost 2.5 points of mIoU by compression (41.55 to 39.08, published) with "
        "validation preprocessing equal to training's; with another one the figure means nothing."
    ),
    remedy="Use the same normalisation and channel order in both.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"data": BAD},
        good_facts={"data": {**BAD, "evaluation": BAD["training"]}},
    ),
)
