"""The same key twice in a mapping."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from compress.doctor.nodes import key_text, written_pairs
from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.doctor.text import Where


def check(subject: Subject) -> Iterator[Problem]:
    """Every key that occurs again in its mapping; YAML takes the last one."""
    recipe = subject.recipe
    written = recipe.as_written or recipe
    meant = {
        (*slip.where[:-1], slip.written): slip.where[-1]
        for slip in recipe.slips
        if slip.kind in ("section", "key")
    }
    seen: set[int] = set()

    def within(node: yaml.Node, where: Where) -> Iterator[Problem]:
        if id(node) in seen:  # an alias
            return
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                yield from within(item, (*where, index))
        if not isinstance(node, yaml.MappingNode):
            return
        first: dict[str, int] = {}
        repeated: set[str] = set()
        for key, value in written_pairs(node):
            name = key_text(key)
            place = (*where, meant.get((*where, name), name))
            if name in first and name not in repeated:
                repeated.add(name)
                line = written.line_of(first[name])
                yield Problem(
                    f"{name!r} occurs twice; the first one, in line {line}, is ignored", place
                )
            first.setdefault(name, key.start_mark.index)
            yield from within(value, place)

    yield from within(written.root, ())


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
