"""``slimgate shapes``: collects the shape ranges that TensorRT needs, or checks collected ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import (
    Format,
    ModelFolder,
    Output,
    RuntimeName,
    SandboxedModel,
    WorkerTimeout,
)
from bot.commands.wiring import open_workshop

Images = Annotated[
    Path | None,
    typer.Option(
        help="Folder with the validation images; only their headers are read, for the sizes."
    ),
]
Sizes = Annotated[
    list[str] | None,
    typer.Option(
        help="Size of an image after preprocessing, as HEIGHTxWIDTH in pixels; repeatable."
    ),
]
Resize = Annotated[
    str | None,
    typer.Option(
        help="Size to which preprocessing scales the images of --images, as SHORTxLONG side in "
        "pixels, such as 800x1333 (default: not scaled)."
    ),
]
Stride = Annotated[
    int | None,
    typer.Option(
        help="Multiple to which preprocessing pads both sides of the images of --images, in "
        "pixels (default: 1).",
        min=1,
    ),
]
LargestBatch = Annotated[
    int | None, typer.Option(help="Largest batch, in images (default: 1).", min=1)
]
Checked = Annotated[
    Path | None,
    typer.Option(help="File of collected shapes to check for the sizes, instead of --out."),
]
OutFile = Annotated[Path | None, typer.Option(help="File to write, as in shapes.pbtxt.")]


def shapes(
    model_dir: ModelFolder,
    images: Images = None,
    size: Sizes = None,
    resize: Resize = None,
    stride: Stride = None,
    batch: LargestBatch = None,
    check: Checked = None,
    out: OutFile = None,
    stage_timeout: WorkerTimeout = None,
    runtime: RuntimeName = None,
    sandbox: SandboxedModel = True,
    output: Output = Format.text,
) -> int:
    """Collect the ranges of shapes that TensorRT needs, or check a file of collected ranges.

    Runs the model on the CPU, at the most extreme sizes among --images and --size.

    Exit code: 0 done, 1 the file given to --check lacks a size, 2 bad input, 3 the model failed.

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
    from bot.text.output import print_json, print_text
    from compress.artifacts.inspection import check_model
    from core.errors import EXIT_GATE, InputError

    if (check is None) == (out is None):
        raise InputError(
            "exactly one of --out and --check is needed",
            hint="give --out FILE to collect, or --check FILE to check",
        )
    if images is None and (resize is not None or stride is not None):
        raise InputError(
            "--resize and --stride apply to --images only; --size is the size after preprocessing",
            hint="give --images FOLDER, or leave them out",
        )
    if check is not None and batch is not None:
        raise InputError(
            "--batch applies to --out only", key="--batch", hint="leave it out with --check"
        )
    resizing = Resizing(parse_size(resize, "--resize") if resize is not None else None, stride or 1)
    sizes = wanted_sizes(images, size or (), resizing)
    check_model(model_dir)
    with open_workshop(
        None, stage_timeout_s=stage_timeout, confined=sandbox, runtime=runtime
    ) as workshop:
        if check is not None:
            report = check_shapes(model_dir, sizes, check, workshop.workplace)
        else:
            assert out is not None
            report = collect_shapes(model_dir, sizes, batch or 1, out, workshop)
    if output is Format.json:
        findings = [finding.model_dump() for finding in report.findings]
        print_json(json.dumps({**asdict(report), "findings": findings}, indent=1))
    else:
        print_text("\n".join(describe(report)))
    return EXIT_GATE if report.findings else 0


COMMAND = shapes
