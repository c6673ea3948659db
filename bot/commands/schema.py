"""``slimgate schema``: JSON Schemas of the files that people write, for editors."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer


class Kind(str, Enum):
    """What people write by hand."""

    recipe = "recipe"
    manifest = "manifest"


def schema(
    kind: Annotated[Kind, typer.Argument(help="Of compression recipes, or of manifests.")],
) -> int:
    """Print a JSON Schema, by which editors complete keys and mark mistakes while one types.

    Example: slimgate schema recipe > recipe.schema.json
    """
    import json

    from compress.manifest import Manifest
    from compress.recipes.act import recipe_schema

    found = recipe_schema() if kind is Kind.recipe else Manifest.model_json_schema()
    typer.echo(json.dumps(found, indent=1))
    return 0


COMMAND = schema
