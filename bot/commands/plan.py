"""``slimgate plan``: shows what a change affects, why, and what would run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import (
    Budget,
    BudgetName,
    Format,
    Head,
    IncludeTraining,
    Models,
    Output,
    Outputs,
    PlannedThreads,
    Repo,
    Suite,
)

if TYPE_CHECKING:
    from bot.plan.values import Plan

Base = Annotated[
    str | None,
    typer.Option(
        help="Base branch; its merge base with --head is compared. Required without --request."
    ),
]


def plan(
    suite: Suite,
    repo: Repo,
    base: Base = None,
    head: Head = "HEAD",
    models: Models = None,
    budget: Budget = BudgetName.quick,
    include_training: IncludeTraining = False,
    threads: PlannedThreads = None,
    request: Annotated[
        Path | None,
        typer.Option(
            help="Request file (JSON) that slimgate admit wrote; it replaces --base, --head, "
            "--models, --budget and --include-training."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to which the plan is also written, as JSON.")
    ] = None,
    outputs: Outputs = None,
    output: Output = Format.text,
) -> int:
    """Show what a change affects, why, what would run and what is skipped.

    Reads git objects only: nothing is checked out, and no code of the suite runs.

    Example: slimgate plan --suite PaddleSeg --repo PaddleSeg --base develop --head my-branch
    """
    from bot.plan.cases import Request
    from bot.plan.planning import Suite as PlannedSuite
    from bot.plan.planning import plan_range, plan_request
    from bot.plan.request import RunRequest
    from core.schema import load_json, write_json

    where = PlannedSuite(suite, repo, threads)
    if request is not None:
        result = plan_request(where, load_json(RunRequest, request))
    else:
        options = Request(budget.value, tuple(models or ()), training_too=include_training)
        result, _ = plan_range(where, _required(base), head, options)
    if out is not None:
        write_json(out, result)
        _write_outputs(result, out, outputs)
    _show(result, output)
    return 0


def _write_outputs(result: Plan, out: Path, outputs: Path | None) -> None:
    """Outputs for later jobs of the workflow, which must not take them from a runner."""
    from bot.github.outputs import write_outputs
    from core.store import hash_file

    if outputs is not None:
        measure = "true" if result.runs and not result.held else "false"
        write_outputs(outputs, measure=measure, plan_sha256=hash_file(out))


def _required(base: str | None) -> str:
    from core.errors import InputError

    if base is None:
        raise InputError("no base is given", key="--base", hint="give --base BRANCH, or --request")
    return base


def _show(result: Plan, output: Format) -> None:
    from bot.report.plan_terminal import print_plan
    from bot.text.progress import stdout_console

    if output is Format.json:
        from bot.text.output import print_json
        from core.schema import dump_json

        print_json(dump_json(result, indent=1))
    else:
        print_plan(result, stdout_console())


COMMAND = plan
