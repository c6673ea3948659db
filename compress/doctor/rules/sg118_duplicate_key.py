"""The same key twice in a mapping."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.text import Where


def check(subject: Subject) -> Iterator[Problem]:
    """Every key that occurs again in its mapping; YAML takes the last one."""
    yield from _in(subject.recipe.root, ())


def _in(node: yaml.Node, where: Where) -> Iterator[Problem]:
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        repeated: set[str] = set()
        for key, value in node.value:
            name = str(getattr(key, "value", ""))
            if name in first and name not in repeated:
                repeated.add(name)
                yield Problem(
                    f"{name!r} occurs twice; the first one, in line {first[name]}, is ignored",
                    (*where, name),
                )
            first.setdefault(name, key.start_mark.line + 1)
            yield from _in(value, (*where, name))


RULE = Rule(
    code="SG118",
    name="duplicate-key",
    severity="error",
    stage="text",
    title="The same key twice",
    why=(
        "YAML readers take the last one and ignore the first without a message: part of the "
        "recipe has no effect."
    ),
    remedy="Keep the one that you mean.",
    check=check,
    example=Example(
        bad="QuantPost:\n  algo: avg\n  batch_nums: 10\n  algo: hist\n",
        good="QuantPost:\n  batch_nums: 10\n  algo: hist\n",
    ),
)
