"""``slimgate schema``: prints JSON Schemas of recipes and manifests, for editors."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer


class Kind(str, Enum):
    """The files that people write by hand."""

    recipe = "recipe"
    manifest = "manifest"


def schema(
    kind: Annotated[Kind, typer.Argument(help="Kind of file: compression recipe or manifest.")],
) -> int:
    """Print the JSON Schema of recipes or manifests.

    An editor that knows it completes keys and marks mistakes while you type.

    Example: slimgate schema recipe > recipe.schema.json
    """
    import json

    from bot.text.output import print_json
    from compress.manifest import Manifest
    from compress.recipes.act import recipe_schema

    document = recipe_schema() if kind is Kind.recipe else Manifest.model_json_schema()
    print_json(json.dumps(document, indent=1))
    return 0


COMMAND = schema
