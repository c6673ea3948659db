"""``slimgate runner``: checks whether this machine can measure, and how well."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import (
    Out,
    RuntimeName,
    SandboxedModel,
    StageTimeout,
    StoreFolder,
    Threads,
)
from bot.commands.wiring import complain, now, open_workshop, runtimes_root, store_root

GPU_RUNTIME = "paddle-2.6.2-gpu"
Clone = Annotated[
    Path | None,
    typer.Option(help="Clone of that suite, whose models are measured, too (default: none)."),
]

COMMAND = typer.Typer(
    help="Check whether this machine is fit to be a runner, and what holds on its GPU.\n\n"
    "Example: slimgate runner check",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)


@COMMAND.command("check")
def check(threads: Threads = None, runtime: RuntimeName = None) -> int:
    """Show this machine's processor, versions and sandbox, and what makes it unfit to measure.

    Exit code: 0 fit to measure, 3 something is missing or Paddle does not start.

    Example: slimgate runner check
    """
    from bot.run.runner_check import check_runner
    from compress.runtimes.installed import find_runtime
    from compress.runtimes.runtime import own_runtime
    from core.errors import InputError

    try:
        found = find_runtime(runtime, runtimes_root())
    except InputError:
        if runtime is not None:
            raise
        found = own_runtime()  # the check says what it lacks
    return check_runner(threads, found)


@COMMAND.command("verify")
def verify(
    out: Out = Path("output/hardware"),
    runtime: Annotated[
        str,
        typer.Option(
            help="Runtime for GPUs in which models are compressed and measured: the name of one "
            "that ships with slimgate, or the path of a runtime's file."
        ),
    ] = GPU_RUNTIME,
    paddleseg: Clone = None,
    paddledetection: Clone = None,
    store: StoreFolder = None,
    threads: Threads = None,
    stage_timeout: StageTimeout = None,
    sandbox: SandboxedModel = True,
) -> int:
    """Check on this machine's GPU every statement that the docs make about GPUs.

    Runs the models of the example suites on every GPU target; with clones of the suites, also
    PP-LiteSeg, PicoDet and PP-YOLOE+. Writes hardware.json and hardware.md into --out: attach both
    to an issue. A run with the same --out continues where an earlier one stopped.

    Exit code: 0 what could be told holds, 1 a statement is refuted, 2 bad input, 3 there is no GPU
    that can be used, or nothing could be told.

    Example: slimgate runner verify --out hardware
    """
    from bench.engines.machine import Needs, missing
    from bench.machine import see_machine
    from bot.run.runner_check import gpu_problems
    from bot.verify.record import gpu_place
    from bot.verify.verify import Sources, no_gpu, verify_runner
    from compress.runtimes.trial import greet
    from core.errors import EXIT_INCOMPLETE

    absent = no_gpu()
    if absent is not None:
        complain(f"nothing can be verified here: {absent}")
        return EXIT_INCOMPLETE
    with open_workshop(
        store,
        threads=threads,
        stage_timeout_s=stage_timeout,
        confined=sandbox,
        fetches=True,
        runtime=runtime,
    ) as workshop:
        machine = see_machine(workshop.runtime)
        problem = missing(Needs(gpu=True), machine) or next(
            iter(gpu_problems(machine, greet(workshop.runtime))), None
        )
        if problem is not None:
            complain(f"nothing can be verified here: {problem}")
            return EXIT_INCOMPLETE
        clones = {"PaddleSeg": paddleseg, "PaddleDetection": paddledetection}
        sources = Sources(
            store_root(None).parent / "data", {name: c for name, c in clones.items() if c}
        )
        return verify_runner(sources, gpu_place(machine), now(), workshop, out)
