"""``include_nms`` that does not fit the model, as PaddleDetection's script evaluates it."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

NMS = ("multiclass_nms3", "multiclass_nms2", "multiclass_nms", "matrix_nms")
DECODED = "PPYOLOE"
"""The only architecture whose outputs the script decodes itself."""
ELSEWHERE = ("keypoint",)


def check(subject: Subject) -> Iterator[Problem]:
    """``include_nms: false`` of a model that the script cannot decode, or of an export with NMS;
    ``include_nms: true`` of a PP-YOLOE export without.
    """
    suite = subject.section("Global") or {}
    where = ("Global", "include_nms")
    if suite.get("Evaluation") is not True or suite.get("arch") in ELSEWHERE:
        return
    has_nms = None if subject.graph is None else any(op in subject.graph.ops for op in NMS)
    if suite.get("include_nms") is False and suite.get("arch") != DECODED:
        yield Problem(
            "without NMS the suite's script can evaluate PPYOLOE only (Global.arch), and fails at "
            "the first image; export the model with NMS and set include_nms: true",
            where,
        )
    elif suite.get("include_nms") is False and has_nms:
        yield Problem("include_nms is false, but the export ends in NMS: set it to true", where)
    elif suite.get("include_nms") is True and has_nms is False and suite.get("arch") == DECODED:
        yield Problem("include_nms is true, but the export has no NMS: set it to false", where)


RULE = Rule(
    code="SG127",
    name="nms-differs",
    severity="error",
    stage="text",
    title="`include_nms` that does not fit the model",
    why=(
        "With `include_nms: false` the detection suite's script decodes the outputs itself, and it "
        "can do so for PP-YOLOE only: for any other `arch` its assertion is a text, which is "
        "always true, and the next line ends in an UnboundLocalError at the first evaluation. "
        "slimgate decodes by the suite's own code and does not read the key."
    ),
    remedy="Set `include_nms` as the model was exported (`export.nms` of the suite).",
    check=check,
    example=Example(
        bad=(
            "Global:\n  include_nms: False\n  Evaluation: True\n  model_dir: ./picodet\n"
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n"
        ),
        good=(
            "Global:\n  include_nms: True\n  Evaluation: True\n  model_dir: ./picodet\n"
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n"
        ),
    ),
)
