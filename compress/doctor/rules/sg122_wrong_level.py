"""Keys that stand at the wrong level, as after a lost indentation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.recipes.act import SECTIONS
from compress.recipes.slips import fields_at

FIELDS = tuple(section for name, section in SECTIONS.items() if name != "Global")
NESTED = (
    ("UnstructurePrune", "gmp_config"),
    ("TrainConfig", "learning_rate"),
    ("TrainConfig", "optimizer_builder"),
)


def check(subject: Subject) -> Iterator[Problem]:
    """Keys of a section beside it, keys of a nested table beside it, sections within another."""
    data = subject.recipe.data
    yield from _beside_sections(data)
    yield from _odd_spaces(data)
    for section, table in NESTED:
        keys = misplaced(subject, section, table)
        if keys:
            yield Problem(_beside(keys, f"{section}.{table}"), (section, keys[0]))
    for name, content in data.items():
        inner = [key for key in content if key in SECTIONS] if isinstance(content, dict) else []
        if inner and name != inner[0]:
            yield Problem(
                f"{', '.join(inner)} below {name}: ACT reads sections at the top level only; "
                "unindent",
                (name, inner[0]),
            )


def misplaced(subject: Subject, section: str, table: str) -> list[str]:
    """Keys that stand beside a nested table, and belong into it."""
    content = subject.section(section) or {}
    value = content.get(table, {})
    if table not in content or not (value is None or isinstance(value, dict)):
        return []
    own, inner = fields_at((section,)) or (), fields_at((section, table)) or ()
    return [key for key in content if key in inner and key not in own]


def _beside_sections(data: dict[str, Any]) -> Iterator[Problem]:
    last: str | None = None
    keys: dict[str, list[str]] = {}
    for name in data:
        if name in SECTIONS:
            last = name
        elif last is not None and name in (fields_at((last,)) or ()):
            keys.setdefault(last, []).append(name)
    for section, names in keys.items():
        yield Problem(f"{_beside(names, section)}; ACT takes its defaults", (names[0],))


def _odd_spaces(data: dict[str, Any]) -> Iterator[Problem]:
    """A no-break space looks like an indentation, and is part of a key for YAML."""
    for name in data:
        plain = name.strip()
        if plain != name and (plain in SECTIONS or any(plain in s.model_fields for s in FIELDS)):
            yield Problem(
                f"{plain} follows a space of another kind (U+{ord(name[0]):04X}), which is no "
                "indentation for YAML but part of the key; write plain spaces"
                if name[0] != plain[0]
                else f"{plain} is followed by a space of another kind, which is part of the key "
                "for YAML; delete it",
                (name,),
            )


def _beside(keys: list[str], table: str) -> str:
    stand, them = ("stands", "it") if len(keys) == 1 else ("stand", "them")
    return f"{', '.join(keys)} {stand} beside {table}, not below it; indent {them}"


RULE = Rule(
    code="SG122",
    name="wrong-level",
    severity="error",
    stage="text",
    title="Keys at the wrong level",
    why=(
        "YAML tells levels apart by indentation alone. ACT ignores a section's keys at the top "
        "level without a message and takes the defaults; it ignores a section below `Global` as "
        "well, and without any it chooses a method itself. A key of `gmp_config` one level up is a "
        "TypeError."
    ),
    remedy="Indent the keys below the section or table that they belong to.",
    check=check,
    example=Example(
        bad="QuantAware:\nweight_bits: 8\nDistillation:\n  loss: l2\n",
        good="QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n",
    ),
)
