"""``slimgate nodes``: candidate distillation nodes of an exported model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import Format


def nodes(
    model_dir: Annotated[Path, typer.Argument(help="Folder with model.pdmodel.")],
    output: Annotated[Format, typer.Option("--format", help="Form of the answer.")] = Format.text,
) -> int:
    """List the nodes to distil from: the outputs of the last layers that hold weights.

    Example: slimgate nodes out/fp32
    """
    from compress.artifacts.inspection import inspect_model

    inspection = inspect_model(model_dir)
    if output is Format.json:
        typer.echo(inspection.model_dump_json(indent=1))
        return 0
    typer.echo("node                               shape")
    for name, shape in inspection.nodes:
        typer.echo(f"{name:<34} {'x'.join(str(n) for n in shape)}")
    return 0


COMMAND = nodes
