"""A key that its section does not take."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject, edits_of
from compress.doctor.rules.sg122_wrong_level import NESTED, misplaced
from compress.doctor.text import Where
from compress.recipes.act import SECTIONS
from compress.recipes.slips import fields_at
from compress.recipes.successors import GONE

HINTS = 50
"""So many unknown keys of one table are compared with the valid ones."""


def check(subject: Subject) -> Iterator[Problem]:
    """Every key that is not a field of its section or of the nested table ``gmp_config``."""
    for slip in subject.recipe.slips:
        if slip.kind == "key":
            edits = edits_of(subject.recipe.rename(slip.where, slip.meant))
            table = ".".join(map(str, slip.where[:-1]))
            message = f"{table} has no key {slip.written!r}; did you mean {slip.meant}?"
            yield Problem(message, slip.where, edits)
    for name in SECTIONS:
        section = subject.section(name) or {}
        lost = (key for at, inner in NESTED if at == name for key in misplaced(subject, at, inner))
        yield from _unknown((name,), section, lost)
        gradual = section.get("gmp_config")
        if isinstance(gradual, dict):
            yield from _unknown((name, "gmp_config"), gradual)


def _unknown(
    table: Where, content: dict[str, object], elsewhere: Iterable[str] = ()
) -> Iterator[Problem]:
    """``elsewhere`` and sections are at the wrong level (SG122)."""
    fields = fields_at(table)
    known = {*(fields or content), *SECTIONS, *elsewhere}
    unknown = [key for key in content if key not in known]
    for number, key in enumerate(unknown):
        hint = _hint(table, key, fields or ()) if number < HINTS else ""
        yield Problem(f"{'.'.join(map(str, table))} has no key {key!r}{hint}", (*table, key))


def _hint(table: Where, key: str, fields: tuple[str, ...]) -> str:
    known = GONE.get((str(table[0]), key))
    if known is not None:
        return f": {known}"
    others = [name for name, other in SECTIONS.items() if key in other.model_fields]
    if others:
        return f"; it is a key of {' and '.join(others)}"
    close = difflib.get_close_matches(key, fields, n=1, cutoff=0.75)
    return f"; did you mean {close[0]}?" if close else f"; valid keys are {', '.join(fields)}"


RULE = Rule(
    code="SG102",
    name="unknown-key",
    severity="error",
    stage="text",
    title="A key that its section does not take",
    why=(
        "ACT passes a section's keys to a constructor: an unknown key is a TypeError that names "
        "neither the file nor the section. Keys of `gmp_config` are looked up by name, and the "
        "missing one fails later. Earlier releases had other names (`distill_lambda`, "
        "`optim_args`), and `QuantPost` calls `bias_correction` what "
        "`HyperParameterOptimization` calls `bias_correct`, which the tutorial confuses."
    ),
    remedy=(
        "Correct the key. `slimgate lint --fix` does so for names of earlier releases that keep "
        "their value, and for slips of one or two letters where the value fits."
    ),
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n  bias_correct: true\n",
        good="QuantPost:\n  batch_nums: 10\n  bias_correction: true\n",
    ),
)
