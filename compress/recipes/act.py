"""The sections of a compression recipe: PaddleSlim's ACT YAML, version 2.6, as a schema.

Defaults are PaddleSlim's (``paddleslim/auto_compression/strategy_config.py``). ``TaskLoss`` and
``max_minutes`` are slimgate's own: ACT has no training on labels.
"""

from __future__ import annotations

import difflib
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


RENAMED = {
    "Quantization": ("QuantAware",),
    "Prune": ("ChannelPrune", "TransformerPrune"),
}
"""Section names of earlier releases: ``Quantization`` became ``QuantAware`` in PaddleSlim 2.4.
Names with one meaning can be corrected."""


def meant_sections(name: str) -> tuple[str, ...]:
    """The sections for which a key may be a misspelling. Empty for a section, and for a key unlike
    any: the suites' scripts read sections of their own from the same file.
    """
    if name in SECTIONS:
        return ()
    lowered = {section.casefold(): section for section in SECTIONS}
    close = difflib.get_close_matches(name.casefold(), lowered, n=1, cutoff=0.75)
    return RENAMED.get(name) or tuple(lowered[match] for match in close)


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
    try:
        SECTIONS[name].model_validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        return error.errors(include_url=False)
    return []
