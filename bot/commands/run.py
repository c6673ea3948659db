"""``slimgate run``: plan, execute, judge and render on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.options import (
    Base,
    Budget,
    Data,
    Format,
    Head,
    Models,
    Out,
    Repo,
    StageTimeout,
    StoreFolder,
    Suite,
    Threads,
)
from bot.commands.plan import IncludeTraining, compute_plan


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("run")(run)


def run(
    suite: Suite,
    repo: Repo,
    base: Base,
    out: Out,
    head: Head = "HEAD",
    models: Models = None,
    budget: Budget = Budget.quick,
    include_training: IncludeTraining = False,
    all_models: Annotated[
        bool, typer.Option("--all", help="Run what --models matches even if it is not affected.")
    ] = False,
    data: Data = None,
    store: StoreFolder = None,
    threads: Threads = None,
    stage_timeout: StageTimeout = None,
    output: Annotated[Format, typer.Option("--format", help="Form of the answer.")] = Format.text,
) -> int:
    """Measure everything that a change affects, on this machine, and write the report.

    Exit code: 0 gate passed, 1 accuracy regressed, 2 bad input, 3 something is missing.

    Example: slimgate run --suite PaddleSeg --repo . --base develop --head my-branch --out out
    """
    from rich.console import Console

    from bot.pipeline import Machine, run_plan
    from bot.progress import progress, stderr_console
    from bot.render.terminal import print_report
    from compress.errors import InputError
    from compress.store import Store, default_root

    plan, opened = compute_plan(
        suite, repo, base, head, models, budget, include_training, threads, all_models
    )
    if stage_timeout is not None:
        limited = plan.budget.model_copy(update={"stage_timeout_s": stage_timeout})
        plan = plan.model_copy(update={"budget": limited})
    if data is not None and not data.is_dir():
        raise InputError(f"no such folder: {data}", key="--data", hint="name the data folder")
    folder = data if data is not None else repo / plan.data_dir
    console = stderr_console()
    with progress(console) as say:
        machine = Machine(
            Store(store or default_root()), folder.resolve() if folder.is_dir() else None, say
        )
        report = run_plan(plan, opened, out, machine)
    if output is Format.json:
        typer.echo(report.model_dump_json(indent=1, by_alias=True))
    else:
        print_report(report, Console(highlight=False))
        console.print(f"report: {out / 'report.html'}", markup=False, soft_wrap=True)
    return report.exit_code
