"""A distillation node that the export does not have."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.text import Where

TEACHER = re.compile(r"^teacher[0-9]*_")
"""What ACT puts before the names of one teacher's variables, or of several teachers'."""
GRAPH = {
    "ops": {"conv2d": 2},
    "variables": ("conv2d_0.tmp_0", "conv2d_1.tmp_0", "x"),
    "candidates": ("conv2d_1.tmp_0",),
    "feeds": {"x": (-1, 3, 64, 64)},
}


def check(subject: Subject) -> Iterator[Problem]:
    """Every node that is not a variable of the program. Nodes of a teacher that is another model
    are not judged.
    """
    graph = subject.graph
    assert graph is not None
    for where, node in named_nodes(subject):
        bare = TEACHER.sub("", node)
        elsewhere = bare != node and (subject.section(str(where[0])) or {}).get("teacher_model_dir")
        if bare in graph.variables or elsewhere:
            continue
        close = difflib.get_close_matches(bare, graph.variables, n=1, cutoff=0.85)
        likely = ", ".join(close or graph.candidates[:3])
        yield Problem(f"{node!r} is not in this export; nearest names: {likely}", where)


def named_nodes(subject: Subject) -> Iterator[tuple[Where, str]]:
    """Every node of the recipe with its place; lists may be nested once."""
    for section in ("Distillation", "MultiTeacherDistillation"):
        nodes = (subject.section(section) or {}).get("node")
        for index, node in enumerate(nodes if isinstance(nodes, list) else []):
            where: Where = (section, "node", index)
            if isinstance(node, str):
                yield where, node
            elif isinstance(node, list):
                yield from (((*where, i), n) for i, n in enumerate(node) if isinstance(n, str))


RULE = Rule(
    code="SG201",
    name="missing-node",
    severity="error",
    stage="graph",
    title="A distillation node that the export does not have",
    why=(
        "Names of variables change with every change of the model and with Paddle's version. ACT "
        'answers with "distill_node_pair config wrong, the length needs to be an even number", '
        "which does not mention the name."
    ),
    remedy=(
        "`slimgate nodes MODEL_DIR` lists candidates. Without `node`, the outputs of the last "
        "layers with weights are distilled; slimgate does the same when a node in the recipe is "
        "missing, and reports that."
    ),
    check=check,
    example=Example(
        bad="QuantAware:\n  weight_bits: 8\nDistillation:\n  node:\n  - conv2d_1.tmp_9\n",
        good="QuantAware:\n  weight_bits: 8\nDistillation:\n  node:\n  - conv2d_1.tmp_0\n",
        bad_facts={"graph": GRAPH},
    ),
)
