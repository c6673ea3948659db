"""The sections of a compression recipe: PaddleSlim's ACT YAML, version 2.6, as a schema.

Defaults are PaddleSlim's (``paddleslim/auto_compression/strategy_config.py``). ``TaskLoss`` and
``max_minutes`` are slimgate's own: ACT has no training on labels.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import ConfigDict, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from compress.methods import METHODS, methods_of
from compress.recipes.sections import (
    Global,
    Section,
    TrainConfig,
)

_SCHEMAS: tuple[type[Section], ...] = (
    *(section for method in METHODS.values() for section in method.sections),
    TrainConfig,
    Global,
)
SECTIONS = {section.__name__: section for section in _SCHEMAS}
PRUNES = tuple(spec.asked_by[0] for spec in methods_of("prune").values())
DISTILLATIONS = tuple(
    section.__name__ for spec in methods_of("distil").values() for section in spec.sections
)
METHOD_SECTIONS = tuple(name for name in SECTIONS if name not in ("TrainConfig", "Global"))


def recipe_schema() -> dict[str, Any]:
    """The JSON Schema of a whole recipe, for editors."""
    fields: dict[str, Any] = {
        name: (section | None, Field(None, description=section.__doc__))
        for name, section in SECTIONS.items()
    }
    model = create_model("Recipe", __config__=ConfigDict(extra="forbid"), **fields)
    title = "Compression recipe (PaddleSlim ACT 2.6)"
    return {**model.model_json_schema(), "title": title}


def validate_section(name: str, content: dict[str, Any]) -> list[ErrorDetails]:
    """Pydantic's errors for a section's content; empty if it is valid.

    The content is validated strictly, as JSON: text does not count as a number, nor a number as a
    truth value.
    """
    return validate_model(SECTIONS[name], content)


def validate_model(model: type[Section], content: dict[str, Any]) -> list[ErrorDetails]:
    """The same for the schema of a section or of a nested table."""
    try:
        model.model_validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        return [_in_words(problem) for problem in error.errors(include_url=False)]
    return []


def _in_words(problem: ErrorDetails) -> ErrorDetails:
    if problem["type"] == "too_short":
        return {**problem, "msg": "Input should have at least one item"}
    return problem
