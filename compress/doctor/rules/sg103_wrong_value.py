"""A value that its key does not take."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import ErrorDetails

from compress.doctor.rule import Example, Problem, Rule, Subject, edits_of
from compress.doctor.text import Slip, Where
from compress.recipes.act import SECTIONS, validate_section
from compress.recipes.kinds import STRICTLY_FLOAT, takes_null
from compress.recipes.values import decimal

LEFT_TO_OTHERS = ("extra_forbidden",)
FOR_TENSORRT = {
    "weight_quantize_type": ("channel_wise_abs_max",),
    "activation_quantize_type": ("range_abs_max", "moving_average_abs_max"),
}
"""``quanter.WEIGHT_QUANTIZATION_TYPES_TENSORRT`` and ``ACTIVATION_…``: all that ``for_tensorrt``
leaves."""


def check(subject: Subject) -> Iterator[Problem]:
    """Every value that the schema refuses, apart from those that SG102 and SG104 to SG106 report;
    words of earlier releases, and numbers of the other form.
    """
    for slip in subject.recipe.slips:
        yield from _of_slip(subject, slip)
    for name in SECTIONS:
        yield from _of_section(subject, name)
    yield from _for_tensorrt(subject)
    yield from _by_threshold(subject)


def _of_slip(subject: Subject, slip: Slip) -> Iterator[Problem]:
    key = ".".join(map(str, slip.where))
    if slip.kind == "word":
        edits = edits_of(subject.recipe.replace(slip.where, slip.meant, quoted=True))
        message = f"{key}: {slip.written!r} is the name of an earlier release; write {slip.meant}"
        yield Problem(message, slip.where, edits)
    elif slip.kind == "form" and (isinstance(slip.meant, int) or _matters(slip.where)):
        form = "a whole number" if isinstance(slip.meant, int) else "a float"
        number = decimal(slip.meant)
        edits = edits_of(subject.recipe.replace(slip.where, number))
        yield Problem(f"{key} has to be {form}; write {number}", slip.where, edits)


def _matters(where: Where) -> bool:
    """Whether ACT minds that this is no float; SG106 speaks of ``alpha``."""
    return where in STRICTLY_FLOAT and where != ("Distillation", "alpha")


def _of_section(subject: Subject, name: str) -> Iterator[Problem]:
    section = subject.section(name)
    if section is None:
        return
    written = subject.recipe.data[name]
    if written is not None and not isinstance(written, dict):
        yield Problem(f"{name} must hold 'key: value' lines", (name,))
        return
    yield from _nulls(name, section)
    places = set()
    for problem in validate_section(name, _without_nulls(section)):
        where = _place(name, section, problem)
        if problem["type"] in LEFT_TO_OTHERS or where in places:
            continue
        places.add(where)
        if problem["type"] == "missing":
            yield Problem(
                f"{'.'.join(where[:-1])} needs the key {where[-1]!r}", _nearest(subject, where)
            )
        else:
            complaint = problem["msg"].replace("Input should", "should")
            value = _value(section, where)
            yield Problem(f"{'.'.join(where)} {complaint}, not {value!r}{_list(problem)}", where)


def _list(problem: ErrorDetails) -> str:
    """The list that text with commas stands for."""
    if problem["type"] != "tuple_type" or not isinstance(problem["input"], str):
        return ""
    return f"; write [{', '.join(part.strip() for part in problem['input'].split(','))}]"


def _nulls(name: str, section: dict[str, object]) -> Iterator[Problem]:
    """Keys without a value, which ACT passes on as null where it can only fail."""
    for key, value in section.items():
        field = SECTIONS[name].model_fields.get(key)
        optional = field is not None and not field.is_required()
        if value is None and optional and not takes_null((name, key)):
            yield Problem(
                f"{name}.{key} is null, which ACT passes on and then fails; leave the key out to "
                "have its default",
                (name, key),
            )


def _place(name: str, section: dict[str, object], problem: ErrorDetails) -> tuple[str, ...]:
    """The key at fault: of the section, or of its nested table."""
    path = [part for part in problem["loc"] if isinstance(part, str)]
    nested = len(path) > 1 and isinstance(section.get(path[0]), dict) and "Config" not in path[1]
    inner = [part for part in path[1:] if not part.endswith("Config")][:1]
    if path and isinstance(section.get(path[0]), dict) and (nested or inner):
        return (name, path[0], *inner)
    return (name, *path[:1])


def _nearest(subject: Subject, where: Where) -> Where:
    return where[:-1] if subject.recipe.key_span(where) is None else where


def _value(section: dict[str, object], where: tuple[str, ...]) -> object:
    value: object = section
    for part in where[1:]:
        value = value.get(part) if isinstance(value, dict) else value
    return value


def _without_nulls(section: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in section.items() if value is not None}


def _for_tensorrt(subject: Subject) -> Iterator[Problem]:
    section = subject.section("QuantAware") or {}
    for key, allowed in FOR_TENSORRT.items():
        value = section.get(key, allowed[-1])
        if section.get("for_tensorrt") is True and value not in allowed:
            message = f"QuantAware.{key} should be {' or '.join(allowed)} with for_tensorrt"
            yield Problem(f"{message}, not {value!r}", ("QuantAware", key))


def _by_threshold(subject: Subject) -> Iterator[Problem]:
    """``UnstructuredPruner`` takes ``local_sparsity`` by ratio only, and ``gmp`` is by ratio."""
    section = subject.section("UnstructurePrune") or {}
    modes = (section.get("prune_strategy"), section.get("prune_mode"))
    if section.get("local_sparsity") is True and modes == (None, "threshold"):
        yield Problem(
            "UnstructurePrune.local_sparsity should be false with prune_mode: threshold, which is "
            "one for all layers; prune by ratio, or leave it out",
            ("UnstructurePrune", "local_sparsity"),
        )


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
