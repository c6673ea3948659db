"""Dynamic shapes collected on too few images."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

EXTREMES = 4
"""Least height, least width, greatest width at full height, greatest height at full width."""


def check(subject: Subject) -> Iterator[Problem]:
    """Fewer images than there are extremes."""
    target, data = subject.target, subject.data
    assert data is not None
    if target is None or not data.dynamic_shape or target.shape_images is None:
        return
    if target.shape_images < EXTREMES:
        yield Problem(
            f"shapes were collected on {target.shape_images} images; the data set has {EXTREMES} "
            "extremes",
            (),
        )


RULE = Rule(
    code="SG401",
    name="shapes-of-few-images",
    severity="error",
    stage="data",
    title="Dynamic shapes collected on too few images",
    why=(
        "TensorRT rebuilds its engine whenever an image lies outside the range that it has "
        "seen, again and again, and then fails. DINO needed four images: the smallest "
        "height, the smallest width, the greatest width at height 800 and the greatest "
        "height at width 800."
    ),
    remedy="Collect shapes on the images with the extreme sizes. Not verified on hardware here.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={
            "target": {"name": "gpu-trt-int8", "shape_images": 1},
            "data": {"dynamic_shape": True},
        },
        good_facts={
            "target": {"name": "gpu-trt-int8", "shape_images": 4},
            "data": {"dynamic_shape": True},
        },
    ),
)
