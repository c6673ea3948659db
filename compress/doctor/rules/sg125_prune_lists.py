"""Ratios and parameters of a channel prune that do not line up."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject


def check(subject: Subject) -> Iterator[Problem]:
    """A list of ratios without a list of names, or of another length; a name twice."""
    section = subject.section("ChannelPrune") or {}
    ratios, names = section.get("pruned_ratio"), section.get("prune_params_name")
    if isinstance(names, list) and len(set(map(str, names))) < len(names):
        yield Problem(
            "prune_params_name has a name twice: ACT takes it once, and later ratios move up",
            ("ChannelPrune", "prune_params_name"),
        )
    if not isinstance(ratios, list):
        return
    if names is None:
        yield Problem(
            "a list of ratios needs prune_params_name, one name for each: without it ACT deals "
            "the ratios out to the convolutions in the program's order",
            ("ChannelPrune", "pruned_ratio"),
        )
    elif isinstance(names, list) and len(ratios) != len(names):
        rest = "parameters without a ratio" if len(ratios) < len(names) else "ratios without use"
        yield Problem(
            f"pruned_ratio has {len(ratios)} values for {len(names)} names in prune_params_name: "
            f"there are {rest}",
            ("ChannelPrune", "pruned_ratio"),
        )


RULE = Rule(
    code="SG125",
    name="prune-lists",
    severity="error",
    stage="text",
    title="Ratios and parameters that do not line up",
    why=(
        "ACT pairs the two lists with `zip`, which drops what is left over: a parameter without a "
        "ratio ends in a KeyError or keeps its channels, without a message that names the list. "
        "ACT also takes the parameters in the order of the program, whatever the recipe's order; "
        "a single ratio for all is safe."
    ),
    remedy="Give one ratio for each name, or a single ratio for all.",
    check=check,
    example=Example(
        bad=(
            "ChannelPrune:\n  pruned_ratio: [0.2, 0.3]\n"
            "  prune_params_name: [conv2d_1.w_0, conv2d_2.w_0, conv2d_3.w_0]\n"
            "Distillation:\n  loss: l2\n"
        ),
        good=(
            "ChannelPrune:\n  pruned_ratio: [0.2, 0.3, 0.3]\n"
            "  prune_params_name: [conv2d_1.w_0, conv2d_2.w_0, conv2d_3.w_0]\n"
            "Distillation:\n  loss: l2\n"
        ),
    ),
)
