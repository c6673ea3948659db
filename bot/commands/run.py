"""``slimgate run``: plans, measures, judges and renders on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import (
    Budget,
    BudgetName,
    Data,
    Fetch,
    Format,
    Head,
    IncludeTraining,
    Models,
    OptionalBase,
    Out,
    Output,
    PlannedThreads,
    Repo,
    RunnerKind,
    RuntimeNames,
    SandboxedForStrangers,
    StageTimeout,
    StoreFolder,
    Suite,
)
from bot.commands.wiring import complain, open_workshop, runtimes_root

if TYPE_CHECKING:
    from bot.plan.cases import Request
    from bot.plan.planning import Suite as PlannedSuite
    from bot.plan.values import Plan
    from bot.report.report import Report
    from core.git import GitRepo


def run(
    suite: Suite,
    repo: Repo,
    out: Out,
    base: OptionalBase = None,
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
    kind: RunnerKind = "cpu",
    runtime: RuntimeNames = None,
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

    Example: slimgate run --suite PaddleSeg --repo . --models PP-* --runtime paddle-2.6.2-cpu
    --runtime paddle-3.2.2-cpu --out out
    """
    from bot.plan.cases import Request
    from bot.plan.planning import Suite as PlannedSuite
    from bot.plan.trust import keep_apart
    from bot.run.execute import run_plan
    from bot.run.folders import data_folder
    from bot.run.kinds import choose_runtime, find_kind
    from bot.run.own_work import Authorship
    from compress.runtimes.installed import find_runtime
    from compress.suites import SUITES

    request = Request(budget.value, tuple(models or ()), all_models, include_training)
    names = tuple(runtime or ())
    plan, opened = _plan(PlannedSuite(suite, repo, threads), base, head, names, request)
    folder = data_folder(data, opened, plan.data_dir)
    plan = _with_options(plan, data, stage_timeout)
    work = Authorship(opened, plan.base, SUITES[plan.dialect].repositories)
    plan = keep_apart(plan, f"{plan.suite}-{plan.head}", work.is_own)
    confined = work.is_confined(sandbox, (plan.head, plan.base), complain)
    measured = find_kind(plan.runners, kind, plan.manifest)
    chosen = choose_runtime(measured, names[-1] if names else None, Path(plan.manifest))
    base_runtime = find_runtime(names[0], runtimes_root()) if plan.runtimes else None
    with open_workshop(store, confined=confined, fetches=fetch, runtime=chosen) as workshop:
        report = run_plan(plan, opened, out, folder, workshop, kind, base_runtime)
    _show(report, out, output)
    return report.exit_code


def _plan(
    suite: PlannedSuite,
    base: str | None,
    head: str,
    runtimes: tuple[str, ...],
    request: Request,
) -> tuple[Plan, GitRepo]:
    """The plan for a range of commits, or for one commit in two runtimes; raises InputError."""
    from bot.plan.planning import plan_range, plan_runtimes
    from core.errors import InputError

    if len(runtimes) > 2:
        raise InputError(
            "at most two runtimes can be compared", key="--runtime", hint="give it once or twice"
        )
    if len(runtimes) == 2:
        if base is not None:
            raise InputError(
                "two runtimes are compared at one commit",
                key="--base",
                given=base,
                hint="leave out --base, or give one --runtime",
            )
        return plan_runtimes(suite, head, (runtimes[0], runtimes[1]), request)
    if base is None:
        raise InputError(
            "there is nothing to compare with", key="--base", hint="give --base, or two --runtime"
        )
    return plan_range(suite, base, head, request)


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
