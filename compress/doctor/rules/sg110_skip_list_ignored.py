"""A skip list that ACT does not pass on."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject


def check(subject: Subject) -> Iterator[Problem]:
    """``skip_tensor_list`` without ``recon_level``."""
    section = subject.section("QuantPost") or {}
    tensors = section.get("skip_tensor_list")
    if tensors and section.get("recon_level") is None:
        yield Problem(
            "ACT ignores skip_tensor_list unless recon_level is set, and quantises these tensors "
            "all the same; slimgate honours the list",
            ("QuantPost", "skip_tensor_list"),
        )


RULE = Rule(
    code="SG110",
    name="skip-list-ignored",
    severity="warning",
    stage="text",
    title="A skip list that ACT does not pass on",
    why=(
        "`AutoCompression.single_strategy_compress` passes `skip_tensor_list` to reconstruction "
        "only. Plain PTQ quantises the very layers that should stay in fp32, without a message."
    ),
    remedy=(
        "Nothing to do in slimgate: it calls `quant_post_static` itself and passes the list on. "
        "With PaddleSlim's own scripts, set `recon_level`, or call `quant_post_static`."
    ),
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n  skip_tensor_list: [conv2d_0.w_0]\n",
        good=(
            "QuantPost:\n  batch_nums: 10\n  recon_level: layer-wise\n"
            "  skip_tensor_list: [conv2d_0.w_0]\n"
        ),
    ),
)
