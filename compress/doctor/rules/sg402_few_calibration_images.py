"""Too few images to calibrate on."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

FEWEST = 8


def check(subject: Subject) -> Iterator[Problem]:
    """``QuantPost`` calibrated on fewer than eight images."""
    assert subject.data is not None
    images = subject.data.images
    if "QuantPost" in subject.recipe.data and images is not None and images < FEWEST:
        yield Problem(
            f"calibrated on {images} images: the ranges of activations are left to chance",
            ("QuantPost",),
        )


RULE = Rule(
    code="SG402",
    name="few-calibration-images",
    severity="warning",
    stage="data",
    title="Too few images to calibrate on",
    why=(
        "Post-training quantisation sets the range of every activation from the images that it "
        "reads; other images give another accuracy."
    ),
    remedy="Raise `batch_nums`, or `batch_size` in the data config.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 1\n",
        good="QuantPost:\n  batch_nums: 32\n",
        bad_facts={"data": {"images": 1}},
        good_facts={"data": {"images": 32}},
    ),
)
