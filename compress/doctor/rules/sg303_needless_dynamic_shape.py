"""Dynamic shape where preprocessing fixes the size."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

TARGET = {"name": "cpu-onednn-int8"}


def check(subject: Subject) -> Iterator[Problem]:
    """An export for any image size, while preprocessing resizes every image to one size."""
    data = subject.data
    fixed = data.fixed_size if data and data.dynamic_shape else None
    if fixed is not None:
        yield Problem(
            f"every image is resized to {fixed[0]}×{fixed[1]}: a dynamic shape is not needed", ()
        )


RULE = Rule(
    code="SG303",
    name="needless-dynamic-shape",
    severity="note",
    stage="target",
    title="Dynamic shape where preprocessing fixes the size",
    why=(
        "TensorRT builds one engine for the range of sizes, which is slower than one for a single "
        "size: not verified on hardware (`trt-dynamic-slower`). "
        "On oneDNN no difference was measured: PP-YOLOE+_l"
        " in int8 takes 854 ms with a free size and 861 ms with a fixed one, RT-DETR-L 1132 and "
        "1156 (intervals overlap; `make check-upstream`, 2 threads, AVX2). Both are published "
        "with a fixed 640×640 and dynamic shape off."
    ),
    remedy="Remove `dynamic_shape` from the model's entry in the manifest.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"target": TARGET, "data": {"fixed_size": (640, 640), "dynamic_shape": True}},
        good_facts={"target": TARGET, "data": {"fixed_size": (640, 640)}},
    ),
)
