"""A skip pattern that matches no layer."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.rules.sg201_missing_node import GRAPH

DEFAULT = "skip_quant"


def check(subject: Subject) -> Iterator[Problem]:
    """Every pattern that occurs in no layer's name, except PaddleSlim's own mark."""
    graph = subject.graph
    assert graph is not None
    value = (subject.section("QuantAware") or {}).get("not_quant_pattern")
    patterns = [value] if isinstance(value, str) else value or []
    names = sorted({layer.rpartition(".")[0] for layer in graph.layers.values()})
    for pattern in (entry for entry in patterns if isinstance(entry, str) and entry != DEFAULT):
        if not any(pattern in name for name in (*names, *graph.variables)):
            tails = sorted({part for name in names for part in name.split(".")})
            close = difflib.get_close_matches(pattern, tails, n=2)
            hint = f"; did you mean {' or '.join(close)}?" if close else ""
            yield Problem(
                f"the skip pattern {pattern!r} matches no layer{hint}",
                ("QuantAware", "not_quant_pattern"),
            )


RULE = Rule(
    code="SG206",
    name="idle-skip-pattern",
    severity="warning",
    stage="graph",
    title="A skip pattern that matches no layer",
    why=(
        "PaddleSlim compares patterns with `op_namescope`, which is `/` for every op of a model "
        "that was exported from dygraph: a pattern such as `last_conv` matches nothing, and the "
        "layer is quantised. slimgate compares patterns with the suite's own layer names."
    ),
    remedy="Use a part of a layer's name, such as `decoder.last_conv`.",
    check=check,
    example=Example(
        bad="QuantAware:\n  not_quant_pattern: [lastconv]\nDistillation:\n  loss: l2\n",
        good="QuantAware:\n  not_quant_pattern: [last_conv]\nDistillation:\n  loss: l2\n",
        bad_facts={"graph": {**GRAPH, "layers": {"conv2d_1.w_0": "head.last_conv.weight"}}},
    ),
)
