"""Validation images are preprocessed differently from training images."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

BAD = {"training": ("mean=[0.5] std=[0.5]",), "evaluation": ("mean=[0.485] std=[0.229]",)}


def check(subject: Subject) -> Iterator[Problem]:
    """Normalisation with other steps or other settings."""
    data = subject.data
    assert data is not None
    if data.training is None or data.evaluation is None or data.training == data.evaluation:
        return
    sides = (("training", data.training), ("validation", data.evaluation))
    summaries = (f"{side}: {', then '.join(steps) or 'nothing'}" for side, steps in sides)
    yield Problem(f"images are normalised differently; {'; '.join(summaries)}", ())


RULE = Rule(
    code="SG404",
    name="preprocessing-differs",
    severity="warning",
    stage="data",
    title="Validation images are preprocessed differently from training images",
    why=(
        "PP-MobileSeg lost 2.5 points of mIoU by compression (41.55 to 39.08, published) with "
        "equal preprocessing in validation and training; with different preprocessing the figure "
        "means nothing. PP-HumanSeg-Lite of the example, calibrated on differently normalised "
        "images, loses 4.1 points instead of 0.1 (`make check-accuracy`)."
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
