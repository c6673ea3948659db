"""Calibration images of another size than those at inference."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject


def check(subject: Subject) -> Iterator[Problem]:
    """Calibration images, none of which has the size that the model runs on."""
    data = subject.data
    assert data is not None
    sizes, export = data.calibration_sizes, data.export_size
    if sizes and export is not None and export not in sizes:
        yield Problem(
            f"calibrated on images of {sizes[0][0]}×{sizes[0][1]}, but the model runs on "
            f"{export[0]}×{export[1]}",
            (),
        )


RULE = Rule(
    code="SG403",
    name="calibration-size",
    severity="note",
    stage="data",
    title="Calibration images of another size than those at inference",
    why=(
        "The ranges of activations depend on the size of the images, above all behind pooling "
        "over the whole image. Crops for training are usual and mostly harmless; a difference of "
        "scale is not: the example's PP-LiteSeg, which sees 160 pixels, loses 1.5 points of mIoU "
        "if it was calibrated at 32, and 0.1 otherwise (`make check-accuracy`)."
    ),
    remedy="Give the recipe a data config whose images have the size of those at inference.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"data": {"calibration_sizes": ((512, 512),), "export_size": (512, 1024)}},
        good_facts={"data": {"calibration_sizes": ((512, 1024),), "export_size": (512, 1024)}},
    ),
)
