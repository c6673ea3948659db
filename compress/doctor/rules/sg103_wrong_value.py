"""A value that its key does not take."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject
from compress.recipes.act import SECTIONS, validate_section
from compress.recipes.parse import normalise

LEFT_TO_OTHERS = ("extra_forbidden",)


def check(subject: Subject) -> Iterator[Problem]:
    """Every value that the schema refuses, apart from those that SG104 to SG106 report."""
    for name in SECTIONS:
        section = subject.section(name)
        if section is None:
            continue
        if subject.recipe.data[name] is not None and not isinstance(
            subject.recipe.data[name], dict
        ):
            yield Problem(f"{name} must hold 'key: value' lines", (name,))
            continue
        content = {k: v for k, v in normalise(section, name, []).items() if v is not None}
        places = set()
        for problem in validate_section(name, content):
            where = (name, *(str(part) for part in problem["loc"][:1]))
            if problem["type"] in LEFT_TO_OTHERS or where in places:
                continue
            places.add(where)
            if problem["type"] == "missing":
                yield Problem(f"{name} needs the key {where[-1]!r}", (name,))
            else:
                complaint = problem["msg"].replace("Input should", "should")
                yield Problem(f"{'.'.join(where)} {complaint}, not {section[where[-1]]!r}", where)


RULE = Rule(
    code="SG103",
    name="wrong-value",
    severity="error",
    stage="text",
    title="A value that its key does not take",
    why=(
        "PaddleSlim checks values with bare assertions, or not at all: a nonexistent algorithm, "
        "32 bits or a list in the place of a number ends in an AssertionError without a message, "
        "often after minutes of preparation."
    ),
    remedy="Choose one of the values that the message names.",
    check=check,
    example=Example(
        bad="QuantPost:\n  algo: KLD\n  batch_nums: 10\n",
        good="QuantPost:\n  algo: KL\n  batch_nums: 10\n",
    ),
)
