"""Int8 that is not faster than fp32."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.facts import ResultFacts
from compress.doctor.rule import Example, Problem, Rule, Subject

WORTH_IT, MOST, MUCH, LARGE = 1.05, 0.5, 1.5, 0.2
FINDS = {"multiclass_nms3", "matrix_nms", "generate_proposals_v2", "conditional_block", "while"}
"""Ops whose number of results decides how much work follows."""
SLOW = {"latency_before_ms": 41.3, "latency_after_ms": 41.7, "low_precision": 5, "convolutions": 47}


def check(subject: Subject) -> Iterator[Problem]:
    """A speed-up that is certainly below five per cent, with the likeliest reason."""
    result = subject.result
    assert result is not None
    before, after = result.latency_before_ms, result.latency_after_ms
    int8 = subject.target is None or subject.target.name.endswith("int8")
    if not subject.quantises or not int8 or not before or not after:
        return
    at_most = before / after if result.speedup is None else result.speedup[1]
    if at_most < WORTH_IT:
        reason = _reason(result, set(subject.graph.ops) if subject.graph else set())
        yield Problem(f"compressed takes {after:.1f} ms, fp32 {before:.1f} ms: {reason}", ())


def _reason(result: ResultFacts, ops: set[str]) -> str:
    assert result.latency_after_ms is not None
    assert result.latency_before_ms is not None
    low, total = result.low_precision, result.convolutions
    if low is not None and total and low / total < MOST:
        return f"only {low} of {total} convolutions run in int8 (slimgate explain SG302)"
    if result.latency_after_ms > MUCH * result.latency_before_ms and ops & FINDS:
        return (
            "more than the arithmetic explains; a model whose work depends on its detections, such "
            "as a two-stage detector, does more work where it detects more: compare the outputs"
        )
    if result.reference > LARGE:
        return (
            f"{result.reference:.0%} of its time goes into {result.reference_kernels} convolutions "
            "for which oneDNN has only a reference kernel: leave them in fp32 (not_quant_pattern)"
        )
    if result.computing is not None and result.computing < MOST:
        return (
            f"convolutions and products take {result.computing:.0%} of its time and conversions "
            f"{result.converting:.0%}; the rest is not quantised"
        )
    if result.vnni is False:
        return "this processor has no VNNI instructions, so that int8 saves little arithmetic"
    return "the layers are so small that converting to and from int8 costs what computing saves"


RULE = Rule(
    code="SG501",
    name="int8-not-faster",
    severity="warning",
    stage="result",
    title="Int8 that is not faster than fp32",
    why=(
        "Quantisation costs accuracy and must save time in return. The usual reasons: fused "
        "convolutions that stay in fp32 (PP-LiteSeg: 5 of 47 in int8, 41.7 ms against 41.3), a "
        "processor without VNNI, or layers so small that conversions use up the gain (PicoDet: 72"
        " of 74 ms). Mask R-CNN with initial weights finds more boxes in int8 than in fp32, and "
        "takes 11.4 s instead of 2.0 for their masks (docs/survey.md)."
    ),
    remedy=(
        "Check how many ops really run in int8, and compare op sets with `slimgate bench`, also "
        "with OpenVINO (`--target cpu-openvino-int8`): where that is faster, the model is not to "
        "blame. Or keep this model in fp32 on this kind of machine."
    ),
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"result": SLOW},
        good_facts={"result": {**SLOW, "latency_after_ms": 24.5, "low_precision": 47}},
    ),
)
