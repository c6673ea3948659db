"""``slimgate shapes``: ranges of sizes for TensorRT, collected on the extremes of a data set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import Format, StageTimeout


def shapes(
    model_dir: Annotated[Path, typer.Argument(help="Folder with model.pdmodel.")],
    images: Annotated[
        Path | None, typer.Option(help="Folder of the validation images; their headers are read.")
    ] = None,
    size: Annotated[
        list[str] | None,
        typer.Option(help="HEIGHTxWIDTH after preprocessing; repeatable."),
    ] = None,
    resize: Annotated[
        str | None,
        typer.Option(help="SHORTxLONG sides that preprocessing makes of images, as 800x1333."),
    ] = None,
    stride: Annotated[
        int | None, typer.Option(help="Preprocessing pads images to a multiple of this.", min=1)
    ] = None,
    batch: Annotated[
        int | None, typer.Option(help="Images in a batch at most (default: 1).", min=1)
    ] = None,
    check: Annotated[
        Path | None, typer.Option(help="Look at this file of collected shapes; collect nothing.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="File to write.")] = None,
    stage_timeout: StageTimeout = None,
    output: Annotated[Format, typer.Option("--format", help="Form of the answer.")] = Format.text,
) -> int:
    """Collect the shapes that TensorRT needs, on the images with the extreme sizes; exit 1 if
    --check finds a size that a file lacks.

    Runs on the processor: Paddle notes the shapes of all tensors there, too.

    Example: slimgate shapes int8 --images val2017 --resize 800x1333 --out shapes.pbtxt
    """
    import json
    from dataclasses import asdict

    from bench.dynamic_shape.collect import (
        check_shapes,
        collect_shapes,
        describe,
        parse_size,
        wanted_sizes,
    )
    from bench.dynamic_shape.ranges import Resizing
    from core.errors import EXIT_GATE, InputError

    if (check is None) == (out is None):
        raise InputError("what to do is not clear", hint="give --out FILE or --check FILE")
    if images is None and (resize is not None or stride is not None):
        raise InputError(
            "--resize and --stride are of images; a --size is as it reaches the model",
            hint="give --images FOLDER, or leave them out",
        )
    if check is not None and batch is not None:
        raise InputError("--check looks at sizes only", hint="give --batch with --out")
    resizing = Resizing(parse_size(resize, "--resize") if resize is not None else None, stride or 1)
    sizes = wanted_sizes(images, size or (), resizing)
    if check is not None:
        report = check_shapes(model_dir, sizes, check)
    else:
        assert out is not None
        report = collect_shapes(model_dir, sizes, batch or 1, out, stage_timeout or 600.0)
    if output is Format.json:
        findings = [one.model_dump() for one in report.findings]
        typer.echo(json.dumps({**asdict(report), "findings": findings}, indent=1))
    else:
        typer.echo("\n".join(describe(report)))
    return EXIT_GATE if report.findings else 0


COMMAND = shapes
