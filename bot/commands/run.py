"""``slimgate run``: plans, measures, judges and renders on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import (
    Base,
    Budget,
    BudgetName,
    Data,
    Fetch,
    Format,
    Head,
    IncludeTraining,
    Models,
    Out,
    Output,
    PlannedThreads,
    Repo,
    RuntimeName,
    SandboxedForStrangers,
    StageTimeout,
    StoreFolder,
    Suite,
)
from bot.commands.wiring import complain, open_workshop

if TYPE_CHECKING:
    from bot.plan.values import Plan
    from bot.report.report import Report


def run(
    suite: Suite,
    repo: Repo,
    base: Base,
    out: Out,
    head: Head = "HEAD",
    models: Models = None,
    budget: Budget = BudgetName.quick,
    include_training: IncludeTraining = False,
    all_models: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Run all models that match --models (without --models: every model of the "
            "manifest), even if the change does not affect them.",
        ),
    ] = False,
    data: Data = None,
    store: StoreFolder = None,
    runtime: RuntimeName = None,
    threads: PlannedThreads = None,
    stage_timeout: StageTimeout = None,
    sandbox: SandboxedForStrangers = None,
    fetch: Fetch = True,
    output: Output = Format.text,
) -> int:
    """Measure every model that a change affects, on this machine, and write the report.

    Compares head with base: compresses each affected model on both sides, measures accuracy and
    latency, and gates on accuracy. Commits that you did not make here run in a sandbox.

    Exit code: 0 gate passed, 1 accuracy regressed, 2 bad input, 3 incomplete.

    Example: slimgate run --suite PaddleSeg --repo . --base develop --head my-branch --out out
    """
    from bot.plan.cases import Request
    from bot.plan.planning import Suite as PlannedSuite
    from bot.plan.planning import plan_range
    from bot.plan.trust import keep_apart
    from bot.run.execute import run_plan
    from bot.run.folders import data_folder
    from bot.run.own_work import Authorship
    from compress.suites import SUITES

    request = Request(budget.value, tuple(models or ()), all_models, include_training)
    plan, opened = plan_range(PlannedSuite(suite, repo, threads), base, head, request)
    folder = data_folder(data, opened, plan.data_dir)
    plan = _with_options(plan, data, stage_timeout)
    work = Authorship(opened, plan.base, SUITES[plan.dialect].repositories)
    plan = keep_apart(plan, f"{plan.suite}-{plan.head}", work.is_own)
    confined = work.is_confined(sandbox, (plan.head, plan.base), complain)
    with open_workshop(store, confined=confined, fetches=fetch, runtime=runtime) as workshop:
        report = run_plan(plan, opened, out, folder, workshop)
    _show(report, out, output)
    return report.exit_code


def _with_options(plan: Plan, data: Path | None, stage_timeout: float | None) -> Plan:
    budget = plan.budget
    if stage_timeout is not None:
        budget = budget.model_copy(update={"stage_timeout_s": stage_timeout})
    return plan.model_copy(update={"budget": budget, "data": str(data) if data else None})


def _show(report: Report, out: Path, output: Format) -> None:
    from bot.report.terminal import print_report
    from bot.text.output import print_json, print_text
    from bot.text.progress import stdout_console

    if output is Format.json:
        from core.schema import dump_json

        print_json(dump_json(report, indent=1))
        return
    print_report(report, stdout_console())
    print_text(f"report: {out / 'report.html'}", err=True)


COMMAND = run
