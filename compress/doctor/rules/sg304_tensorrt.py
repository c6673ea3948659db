"""TensorRT is missing or too old."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

ABSENT, OLDEST = (0, 0, 0), (8, 0, 0)
"""Paddle reports zeros without TensorRT; the published figures are TensorRT 8.0's."""


def check(subject: Subject) -> Iterator[Problem]:
    """A target on TensorRT where Paddle has none, or a version before 8.0."""
    target = subject.target
    assert target is not None
    if "-trt-" not in target.name or target.tensorrt is None:
        return
    if target.tensorrt == ABSENT:
        yield Problem(f"{target.name} needs TensorRT, and this Paddle was built without it", ())
    elif target.tensorrt < OLDEST:
        version = ".".join(map(str, target.tensorrt))
        yield Problem(
            f"TensorRT {version} is older than 8.0, the version of the published figures; it "
            "refuses channel-wise weights",
            (),
        )


RULE = Rule(
    code="SG304",
    name="tensorrt",
    severity="error",
    stage="target",
    title="TensorRT is missing or too old",
    why=(
        "A Paddle that is built without TensorRT, as the CPU wheels are, ends in an error when a "
        "model requests it, and so does one that does not find the library. Versions before that "
        "of the published figures are reported to refuse the channel-wise scales that PaddleSlim "
        "makes by default; nobody has tried that with slimgate."
    ),
    remedy=(
        "Install the TensorRT that the Paddle wheel was built with; `slimgate runner check` shows "
        "both versions."
    ),
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"target": {"name": "gpu-trt-int8", "tensorrt": (0, 0, 0)}},
        good_facts={"target": {"name": "gpu-trt-int8", "tensorrt": (8, 6, 1)}},
    ),
)
