"""What kinds of scalars a key of a recipe takes, from the schema and from Paddle's classes."""

from __future__ import annotations

import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from compress.recipes.act import SECTIONS
from compress.recipes.paddle_classes import PLACES

ANY = frozenset({"any"})
SCALARS = {
    int: "integer",
    float: "number",
    bool: "truth",
    str: "text",
    dict: "table",
    type(None): "null",
}
OF_ARGUMENTS = {"numbers": "number", "object": "any"}
Where = tuple[str | int, ...]
STRICTLY_FLOAT = {
    ("TrainConfig", "learning_rate"),
    ("TrainConfig", "optimizer_builder", "weight_decay"),
    ("Distillation", "alpha"),
    ("QuantAware", "moving_rate"),
    ("ChannelPrune", "pruned_ratio"),
}
"""Where PaddleSlim or Paddle asks for ``isinstance(value, float)`` and fails on integers."""


NULL_AS_ABSENT = {
    ("Distillation", "loss"),
    ("Distillation", "alpha"),
    ("TrainConfig", "logging_iter"),
    ("TrainConfig", "sparse_model"),
    ("QuantAware", "use_pact"),
    ("UnstructurePrune", "local_sparsity"),
    ("QuantPost", "bias_correction"),
    ("QuantPost", "simulate_activation_quant"),
}
"""Where ACT reads null as the default (``config.get('alpha') or 1.0``), or as false."""


def kinds_at(where: Where) -> frozenset[str]:
    """The kinds of scalars that a place takes: ``integer``, ``number``, ``float``, ``truth``,
    ``text``, ``table``, ``null``; ``any`` where nothing is known.
    """
    if where in STRICTLY_FLOAT:
        return frozenset({"float"})
    for place, classes in PLACES.items():
        if where[: len(place)] == place and len(where) > len(place):
            name = str(where[len(place)])
            kinds = {kind for found in classes.values() for kind in _of(found.arguments, name)}
            return frozenset(OF_ARGUMENTS.get(kind, kind) for kind in kinds) or ANY
    if len(where) < 2 or where[0] not in SECTIONS:
        return ANY
    return _at(SECTIONS[str(where[0])], where[1:])


def takes_null(where: Where) -> bool:
    """Whether ACT takes null for a key: as its default, or as if the key were absent."""
    return where in NULL_AS_ABSENT or not {"null", "any"}.isdisjoint(kinds_at(where))


def _of(arguments: dict[str, Any], name: str) -> list[str]:
    return [arguments[name]] if name in arguments else []


def _at(model: type[BaseModel], where: Where) -> frozenset[str]:
    field = model.model_fields.get(str(where[0]))
    if field is None:
        return ANY
    inner = inner_model(field.annotation)
    if inner is not None and len(where) > 1:
        return _at(inner, where[1:])
    return frozenset(_kind(leaf) for leaf in _leaves(field.annotation)) or ANY


def inner_model(annotation: Any) -> type[BaseModel] | None:
    """The schema of the nested table that a key holds; None if it holds none."""
    for leaf in _leaves(annotation):
        if isinstance(leaf, type) and issubclass(leaf, BaseModel):
            return leaf
    return None


def _kind(leaf: Any) -> str:
    return "text" if isinstance(leaf, str) else SCALARS.get(leaf, "any")


def _leaves(annotation: Any) -> list[Any]:
    """The scalar types and literals within a type; items of lists count."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _leaves(get_args(annotation)[0])
    if origin in (Union, types.UnionType, tuple):
        return [leaf for part in get_args(annotation) if part is not ... for leaf in _leaves(part)]
    if origin is Literal:
        return list(get_args(annotation))
    return [dict] if origin is dict else [annotation]
