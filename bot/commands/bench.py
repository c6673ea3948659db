"""``slimgate bench``: time and prove any inference models, taking turns."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import Format, StageTimeout, Threads
from bot.commands.wiring import open_workshop


def bench(
    model_dirs: Annotated[list[Path], typer.Argument(help="Folders with model.pdmodel.")],
    shape: Annotated[str, typer.Option(help="Image input, as 1x3x512x1024.")],
    target: Annotated[
        list[str] | None,
        typer.Option(help="DEVICE-ENGINE-PRECISION[:OP,OP…]; repeatable (default: by the model)."),
    ] = None,
    seconds: Annotated[float, typer.Option(help="Time to spend sampling.", min=1)] = 30.0,
    threads: Threads = None,
    stage_timeout: StageTimeout = None,
    output: Annotated[Format, typer.Option("--format", help="Form of the answer.")] = Format.text,
) -> int:
    """Time models by turns and prove the precision that they run in. The first is the reference.

    Without --target a quantised model runs as cpu-onednn-int8 and any other as cpu-onednn-fp32.
    Op types after a colon are quantised at inference instead of those that were trained.

    Example: slimgate bench fp32 int8 --shape 1x3x512x1024
    """
    from bench.loose import benchmark, parse_shape
    from bot.survey.loose_table import print_benchmark
    from bot.text.progress import progress, stderr_console, stdout_console
    from core.errors import EXIT_INCOMPLETE, EXIT_OK

    size = parse_shape(shape)
    with (
        progress(stderr_console()) as say,
        open_workshop(None, say, threads=threads, stage_timeout_s=stage_timeout) as workshop,
    ):
        rows = benchmark(model_dirs, size, tuple(target or ()), seconds, workshop)
    if output is Format.json:
        import json

        typer.echo(json.dumps([row.model_dump() for row in rows], indent=1))
    else:
        print_benchmark(rows, stdout_console())
    return EXIT_INCOMPLETE if any(row.failure for row in rows) else EXIT_OK


COMMAND = bench
