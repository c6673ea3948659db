"""``slimgate bench``: times any inference models, taking turns, and proves their precision."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import (
    MAX_SECONDS,
    Format,
    Output,
    RuntimeName,
    SandboxedModel,
    Threads,
    WorkerTimeout,
    no_nan,
)
from bot.commands.wiring import open_workshop


def bench(
    model_dirs: Annotated[
        list[Path],
        typer.Argument(
            help="Folders with an inference model each: model.pdmodel and model.pdiparams."
        ),
    ],
    shape: Annotated[
        str,
        typer.Option(
            help="Shape of the image input: batch, channels, height and width, as in 1x3x512x1024."
        ),
    ],
    target: Annotated[
        list[str] | None,
        typer.Option(
            help="Target to run on, as DEVICE-ENGINE-PRECISION, optionally followed by :OP,OP to "
            "choose the op types that run in int8, and by :-OP,-OP to keep op types out of oneDNN "
            "or of TensorRT's engines; repeatable (default: cpu-onednn-int8 for a quantised model, "
            "else cpu-onednn-fp32)."
        ),
    ] = None,
    seconds: Annotated[
        float,
        typer.Option(
            help="Time to spend on timing all models, in seconds.",
            min=1,
            max=MAX_SECONDS,
            callback=no_nan,
        ),
    ] = 30.0,
    runtime: RuntimeName = None,
    threads: Threads = None,
    stage_timeout: WorkerTimeout = None,
    sandbox: SandboxedModel = True,
    output: Output = Format.text,
) -> int:
    """Time inference models, taking turns, and prove the precision that each really runs in.

    Speed-ups are against the first model.

    Example: slimgate bench fp32 int8 --shape 1x3x512x1024
    """
    from bench.loose import benchmark, parse_shape
    from bot.survey.loose_table import print_benchmark
    from bot.text.output import print_json
    from bot.text.progress import stdout_console
    from compress.artifacts.inspection import check_model
    from core.errors import EXIT_INCOMPLETE, EXIT_OK

    size = parse_shape(shape)
    for folder in model_dirs:
        check_model(folder)
    with open_workshop(
        None,
        threads=threads,
        stage_timeout_s=stage_timeout,
        confined=sandbox,
        runtime=runtime,
    ) as workshop:
        rows = benchmark(model_dirs, size, tuple(target or ()), seconds, workshop)
    if output is Format.json:
        import json

        print_json(json.dumps([row.model_dump() for row in rows], indent=1))
    else:
        print_benchmark(rows, stdout_console())
    return EXIT_INCOMPLETE if any(row.failure for row in rows) else EXIT_OK


COMMAND = bench
