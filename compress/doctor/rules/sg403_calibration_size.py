"""Images of another size for calibration than for inference."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject


def check(subject: Subject) -> Iterator[Problem]:
    """Sizes that are both known and differ."""
    data = subject.data
    assert data is not None
    a, b = data.calibration_size, data.export_size
    if a is not None and b is not None and a != b:
        yield Problem(
            f"compressed on images of {a[0]}×{a[1]}, but the model runs on {b[0]}×{b[1]}", ()
        )


RULE = Rule(
    code="SG403",
    name="calibration-size",
    severity="note",
    stage="data",
    title="Images of another size for calibration than for inference",
    why=(
        "Activations of other sizes have other ranges, above all behind pooling over the whole "
        "image. Crops for training are usual and mostly harmless; a difference of scale is not."
    ),
    remedy="Give the recipe a data config whose images are as in inference.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"data": {"calibration_size": (512, 512), "export_size": (512, 1024)}},
        good_facts={"data": {"calibration_size": (512, 1024), "export_size": (512, 1024)}},
    ),
)
