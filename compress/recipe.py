"""Reads compression recipes (ACT YAML): which methods they ask for, which op types they quantise.

ACT accepts several spellings that then fail or do nothing; ``normalise`` turns those into what
was meant and says so. See docs/recipes.md for the list with sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from compress.errors import InputError
from compress.suites.base import Document

QAT_OP_TYPES = ("conv2d", "depthwise_conv2d", "conv2d_transpose", "mul", "matmul", "matmul_v2")
PTQ_OP_TYPES = ("conv2d", "depthwise_conv2d", "mul", "matmul", "matmul_v2")
"""What PaddleSlim 2.6 quantises when a recipe names no op types."""

METHOD_SECTIONS = (
    "QuantAware",
    "QuantPost",
    "Distillation",
    "MultiTeacherDistillation",
    "HyperParameterOptimization",
    "ChannelPrune",
    "ASPPrune",
    "TransformerPrune",
    "UnstructurePrune",
)
SECTIONS = (*METHOD_SECTIONS, "TrainConfig", "Global")


@dataclass(frozen=True)
class ParsedRecipe:
    """A recipe that can be handed to a method: normalised sections without ``Global``.

    ``method`` is a name of ``compress.methods``; ``op_types`` are quantised in training, and
    empty for a method that does not quantise; ``repairs`` say what normalising changed.
    """

    sections: Document
    method: str
    op_types: tuple[str, ...]
    repairs: tuple[str, ...]


def parse_recipe(document: Document, file: str) -> ParsedRecipe:
    """Checks the sections, finds the method, normalises the values; raises InputError."""
    for section in document:
        if section not in SECTIONS:
            raise InputError(
                "unknown section: ACT would ignore it and choose a strategy by itself",
                file=file,
                key=section,
                given=section,
                choices=SECTIONS,
                hint="correct or delete the section",
            )
    repairs: list[str] = []
    sections = {
        key: normalise(value, key, repairs) for key, value in document.items() if key != "Global"
    }
    for section, value in sections.items():
        if value is not None and not isinstance(value, dict):
            raise InputError("a section must hold 'key: value' lines", file=file, key=section)
    sections = {key: value or {} for key, value in sections.items()}
    _check_types(sections, file)
    return ParsedRecipe(sections, _method(sections, file), _op_types(sections), tuple(repairs))


def _method(sections: Document, file: str) -> str:
    present = {name for name in METHOD_SECTIONS if name in sections}
    if present in ({"QuantAware", "Distillation"}, {"QuantAware"}):
        return "qat"
    if present == {"QuantPost"}:
        return "ptq"
    known = "QuantAware + Distillation; QuantPost"
    if not present:
        raise InputError(
            "names no compression method",
            file=file,
            choices=METHOD_SECTIONS,
            hint=f"add one of: {known}",
        )
    raise InputError(
        f"this combination is not supported: {' + '.join(sorted(present))}",
        file=file,
        hint=f"supported are: {known}",
    )


def _check_types(sections: Document, file: str) -> None:
    """What slimgate itself reads has to be of the right type; the rest is ACT's to judge."""
    counts = ("TrainConfig.train_iter", "TrainConfig.epochs", "QuantPost.batch_nums")
    for section, key in (name.split(".") for name in counts):
        value = sections.get(section, {}).get(key)
        if value is not None and (not isinstance(value, int) or value < 1):
            raise InputError(
                f"must be a whole number, not {value!r}",
                file=file,
                key=f"{section}.{key}",
                hint="write a number such as 100",
            )
    for section in ("QuantAware", "QuantPost"):
        value = sections.get(section, {}).get("quantize_op_types")
        named = isinstance(value, list) and all(isinstance(name, str) for name in value)
        if value is not None and not named:
            raise InputError(
                "must be a list of op types",
                file=file,
                key=f"{section}.quantize_op_types",
                choices=QAT_OP_TYPES,
                hint="write '- conv2d' lines",
            )


def _op_types(sections: Document) -> tuple[str, ...]:
    for section, default in (("QuantAware", QAT_OP_TYPES), ("QuantPost", PTQ_OP_TYPES)):
        if section in sections:
            return tuple(sections[section].get("quantize_op_types") or default)
    return ()


def normalise(value: Any, key: str, repairs: list[str]) -> Any:
    """The value that was meant: "None" is null, "1e-4" a number, an integer ``alpha`` a float."""
    if isinstance(value, dict):
        return {k: normalise(v, f"{key}.{k}", repairs) for k, v in value.items()}
    if isinstance(value, list):
        return [normalise(v, f"{key}.{i}", repairs) for i, v in enumerate(value)]
    meant = _meant(value, key)
    if meant is not value:
        repairs.append(f"{key}: {value!r} read as {meant!r}")
    return meant


def _meant(value: Any, key: str) -> Any:
    if value == "None":
        return None
    if isinstance(value, str) and "e" in value.lower():
        try:
            return float(value)  # YAML 1.1 reads 1e-4 as a string
        except ValueError:
            return value
    floats = (".alpha", ".learning_rate", ".lr")
    if isinstance(value, int) and not isinstance(value, bool) and key.endswith(floats):
        return float(value)  # ACT asserts on integers here, without a message
    return value


def cap_recipe(
    recipe: ParsedRecipe, train_iter: int | None, ptq_batches: int | None
) -> ParsedRecipe:
    """The recipe with its training or calibration cut to a budget; None leaves it as it is."""
    sections = {name: dict(section) for name, section in recipe.sections.items()}
    remarks = []
    training = sections.get("TrainConfig")
    if recipe.method != "ptq" and training is not None and train_iter is not None:
        asked = training.get("train_iter")
        if asked is None or asked > train_iter:
            training["train_iter"] = train_iter
            was = f"{asked} iterations" if asked else f"{training.get('epochs')} epochs"
            remarks.append(f"quick budget: trained for {train_iter} iterations at most, not {was}")
    if "QuantPost" in sections and ptq_batches is not None:
        asked = sections["QuantPost"].get("batch_nums")
        if asked is None or asked > ptq_batches:
            sections["QuantPost"]["batch_nums"] = ptq_batches
            remarks.append(
                f"quick budget: calibrated on {ptq_batches} batches, "
                f"not {asked or 'the default number'}"
            )
    return replace(recipe, sections=sections, repairs=(*recipe.repairs, *remarks))


def inference_op_types(trained: tuple[str, ...]) -> Iterator[str]:
    """The op types to quantise at inference on oneDNN so that just the trained ones run in int8.

    Paddle 2.6's fusion passes rename convolutions to ``fused_conv2d`` and matrix products to
    ``fc`` and ``fused_matmul`` before the int8 pass looks at them; the suites' own scripts miss
    those and leave most convolutions in fp32 (docs/int8.md).
    """
    fused = {
        "conv2d": "fused_conv2d",
        "depthwise_conv2d": "fused_conv2d",
        "mul": "fc",
        "matmul": "fused_matmul",
        "matmul_v2": "fused_matmul",
    }
    seen = set()
    for op_type in trained:
        for name in (op_type, fused.get(op_type)):
            if name and name not in seen:
                seen.add(name)
                yield name
