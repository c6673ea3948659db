"""Dynamic shapes collected on images that do not span the data."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject


def check(subject: Subject) -> Iterator[Problem]:
    """Image sizes that lie outside the collected range in either direction."""
    target, data = subject.target, subject.data
    assert data is not None
    if target is None or not data.dynamic_shape or target.shape_range is None:
        return
    least, greatest = target.shape_range
    lacking = [
        f"{height}x{width}"
        for height, width in data.image_sizes
        if not (least[0] <= height <= greatest[0] and least[1] <= width <= greatest[1])
    ]
    if lacking:
        yield Problem(
            f"shapes were collected from {least[0]}x{least[1]} to {greatest[0]}x{greatest[1]} "
            f"pixels (height by width); the data has images of {', '.join(lacking)}",
            (),
        )


COLLECTED = {"name": "gpu-trt-int8"}
EXTREMES = ((480, 1333), (1333, 480), (800, 1333))

RULE = Rule(
    code="SG401",
    name="shapes-of-few-images",
    severity="error",
    stage="data",
    title="Dynamic shapes collected on images that do not span the data",
    why=(
        "TensorRT rebuilds its engine whenever an image lies outside the range that it has seen, "
        "again and again, and then fails. For DINO upstream had to collect shapes on four images:"
        " the smallest height, the smallest width, the greatest width at height 800 and the "
        "greatest height at width 800. Files that Paddle wrote show that the ranges of one image "
        "exclude others (`make check-rules`); the rebuilding itself is "
        "not verified on hardware (`trt-rebuilds`)."
    ),
    remedy=(
        "`slimgate shapes MODEL_DIR --images FOLDER --out FILE` collects them on the images with "
        "the extreme sizes, also on a CPU; `--check FILE` checks an existing file."
    ),
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={
            "target": {**COLLECTED, "shape_range": ((640, 640), (640, 640))},
            "data": {"dynamic_shape": True, "image_sizes": EXTREMES},
        },
        good_facts={
            "target": {**COLLECTED, "shape_range": ((480, 480), (1333, 1333))},
            "data": {"dynamic_shape": True, "image_sizes": EXTREMES},
        },
    ),
)
