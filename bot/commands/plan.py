"""``slimgate plan``: what a change affects, why, and what would run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import (
    BudgetName,
    Format,
    Head,
    IncludeTraining,
    Models,
    Repo,
    Suite,
    Threads,
)

if TYPE_CHECKING:
    from bot.plan.values import Plan

Base = Annotated[
    str | None,
    typer.Option(help="The branch to change; compared is where HEAD left it."),
]


def plan(
    suite: Suite,
    repo: Repo,
    base: Base = None,
    head: Head = "HEAD",
    models: Models = None,
    budget: BudgetName = BudgetName.quick,
    include_training: IncludeTraining = False,
    threads: Threads = None,
    request: Annotated[
        Path | None, typer.Option(help="What slimgate admit wrote, instead of --base and --head.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the plan to this file.")] = None,
    outputs: Annotated[
        Path | None,
        typer.Option("--outputs", envvar="GITHUB_OUTPUT", help="File for the job's outputs."),
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="Form of the answer.")] = Format.text,
) -> int:
    """Say what a change affects, why, what will run and what is skipped.

    Example: slimgate plan --suite PaddleSeg --repo PaddleSeg --base develop --head my-branch
    """
    from bot.plan.cases import Request
    from bot.plan.planning import Suite as PlannedSuite
    from bot.plan.planning import plan_range, plan_request
    from bot.plan.request import RunRequest
    from core.schema import load_json, write_json

    where = PlannedSuite(suite, repo, threads)
    if request is not None:
        made = plan_request(where, load_json(RunRequest, request))
    else:
        asked = Request(budget.value, tuple(models or ()), training_too=include_training)
        made, _ = plan_range(where, _required(base), head, asked)
    if out is not None:
        write_json(out, made)
        _write_outputs(made, out, outputs)
    _show(made, output)
    return 0


def _write_outputs(made: Plan, out: Path, outputs: Path | None) -> None:
    """What the jobs after this one need to know, and cannot be told by a runner."""
    from bot.github.outputs import write_outputs
    from core.store import hash_file

    if outputs is not None:
        measure = "true" if made.jobs and not made.held else "false"
        write_outputs(outputs, measure=measure, plan_sha256=hash_file(out))


def _required(base: str | None) -> str:
    from core.errors import InputError

    if base is None:
        raise InputError("no base is given", key="--base", hint="give --base BRANCH, or --request")
    return base


def _show(made: Plan, output: Format) -> None:

    from bot.report.terminal import print_plan
    from bot.text.progress import stdout_console

    if output is Format.json:
        typer.echo(made.model_dump_json(indent=1, by_alias=True))
    else:
        print_plan(made, stdout_console())


COMMAND = plan
