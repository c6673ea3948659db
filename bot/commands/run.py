"""``slimgate run``: plan, execute, judge and render on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import (
    Base,
    Budget,
    Data,
    Fetch,
    Format,
    Head,
    Models,
    Out,
    Repo,
    Sandboxed,
    StageTimeout,
    StoreFolder,
    Suite,
    Threads,
)
from bot.commands.plan import IncludeTraining, make_request

if TYPE_CHECKING:
    from bench.job import Plan
    from bot.report import Report


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
    sandbox: Sandboxed = False,
    fetch: Fetch = True,
    output: Annotated[Format, typer.Option("--format", help="Form of the answer.")] = Format.text,
) -> int:
    """Measure everything that a change affects, on this machine, and write the report.

    Exit code: 0 gate passed, 1 accuracy regressed, 2 bad input, 3 something is missing.

    Example: slimgate run --suite PaddleSeg --repo . --base develop --head my-branch --out out
    """
    from bot.pipeline import Machine, run_plan
    from bot.planning import Suite as PlannedSuite
    from bot.planning import plan_range
    from bot.progress import progress, stderr_console
    from compress.store import Store, default_root

    asked = make_request(models, budget, include_training, all_models)
    plan, opened = plan_range(PlannedSuite(suite, repo, threads), base, head, asked)
    folder = data_folder(data, repo / plan.data_dir)
    plan = _with_options(plan, data, stage_timeout)
    with progress(stderr_console()) as say:
        machine = Machine(Store(store or default_root()), folder, say, sandbox, fetch)
        report = run_plan(plan, opened, out, machine)
    _show(report, out, output)
    return report.exit_code


def data_folder(given: Path | None, usual: Path) -> Path | None:
    """Where data sets lie, None if there are none; raises InputError for a wrong --data."""
    from compress.errors import InputError

    if given is not None and not given.is_dir():
        raise InputError(f"no such folder: {given}", key="--data", hint="name the data folder")
    folder = given or usual
    return folder.resolve() if folder.is_dir() else None


def _with_options(plan: Plan, data: Path | None, stage_timeout: float | None) -> Plan:
    budget = plan.budget
    if stage_timeout is not None:
        budget = budget.model_copy(update={"stage_timeout_s": stage_timeout})
    return plan.model_copy(update={"budget": budget, "data": str(data) if data else None})


def _show(report: Report, out: Path, output: Format) -> None:

    from bot.progress import stderr_console, stdout_console
    from bot.render.terminal import print_report

    if output is Format.json:
        typer.echo(report.model_dump_json(indent=1, by_alias=True))
        return
    print_report(report, stdout_console())
    stderr_console().print(f"report: {out / 'report.html'}", markup=False, soft_wrap=True)
