"""Deleted passes that only an older Paddle required."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

FC_PASSES = {"fc_mkldnn_pass", "fc_act_mkldnn_fuse_pass"}


def check(subject: Subject) -> Iterator[Problem]:
    """A oneDNN target without the fusions of fully connected layers."""
    target = subject.target
    assert target is not None
    passes = sorted(FC_PASSES & set(target.delete_passes))
    if passes and target.name.startswith("cpu-onednn"):
        yield Problem(
            f"deleting {', '.join(passes)} helped with Paddle 2.5; with 2.6 it can make int8 "
            "slower",
            (),
        )


RULE = Rule(
    code="SG305",
    name="outdated-workaround",
    severity="note",
    stage="target",
    title="Passes deleted for an older Paddle",
    why=(
        "Upstream deletes these passes for RT-DETR on CPU. With Paddle 2.6.2 RT-DETR-L in int8 "
        "takes 888 ms without them and 565 ms with them, against 828 ms in fp32 (2 threads, "
        "AVX512-VNNI, `make check-upstream`)."
    ),
    remedy="Measure without the deletion, and drop it if the accuracy holds.",
    check=check,
    example=Example(
        bad="QuantAware:\n  quantize_op_types: [conv2d]\nDistillation:\n  loss: l2\n",
        good="QuantAware:\n  quantize_op_types: [conv2d]\nDistillation:\n  loss: l2\n",
        bad_facts={"target": {"name": "cpu-onednn-int8", "delete_passes": ("fc_mkldnn_pass",)}},
        good_facts={"target": {"name": "cpu-onednn-int8"}},
    ),
)
