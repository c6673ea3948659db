"""A parameter to prune that the export does not have."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.sg201_missing_node import GRAPH


def check(subject: Subject) -> Iterator[Problem]:
    """Every name under ``prune_params_name`` that is not a variable of the program."""
    graph = subject.graph
    assert graph is not None
    for section in ("ChannelPrune", "ASPPrune"):
        names = (subject.section(section) or {}).get("prune_params_name")
        for index, name in enumerate(names if isinstance(names, list) else []):
            if name in graph.variables:
                continue
            close = difflib.get_close_matches(str(name), graph.variables, n=1, cutoff=0.85)
            hint = f"; did you mean {close[0]}?" if close else ""
            where = (section, "prune_params_name", index)
            yield Problem(f"{name!r} is not in this export{hint}", where)


RULE = Rule(
    code="SG207",
    name="missing-parameter",
    severity="error",
    stage="graph",
    title="A parameter to prune that the export does not have",
    why=(
        "PaddleSlim prunes the parameters that it finds by name. It ignores a missing name "
        "without a message, and the model keeps all its channels."
    ),
    remedy="Correct the name, or leave `prune_params_name` out to prune every convolution.",
    check=check,
    example=Example(
        bad=(
            "ChannelPrune:\n  pruned_ratio: 0.25\n  prune_params_name: [conv2d_9.w_0]\n"
            "Distillation:\n  loss: l2\n"
        ),
        good=(
            "ChannelPrune:\n  pruned_ratio: 0.25\n  prune_params_name: [conv2d_1.w_0]\n"
            "Distillation:\n  loss: l2\n"
        ),
        bad_facts={"graph": {**GRAPH, "variables": ("conv2d_1.w_0", "x")}},
    ),
)
