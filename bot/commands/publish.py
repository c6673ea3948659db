"""``slimgate publish``: the comment, the check and the job summary, from a plan and its results."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import Out

if TYPE_CHECKING:
    from bench.job import Plan
    from bot.data_branch import DataBranch
    from bot.request import RunRequest


MAX_PROBLEM_CHARACTERS = 2000


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("publish")(publish)


def publish(
    request: Annotated[Path, typer.Option(help="What slimgate gate wrote.")],
    plan: Annotated[Path, typer.Option(help="plan.json of this run.")],
    results: Annotated[Path, typer.Option(help="Folder with one result per job.")],
    out: Out,
    plan_sha256: Annotated[
        str | None, typer.Option("--plan-sha256", help="What the plan has to hash to.")
    ] = None,
    problem: Annotated[
        Path | None, typer.Option(help="Why there is no plan, as slimgate plan complained.")
    ] = None,
    records: Annotated[
        str | None,
        typer.Option(help="Repository whose data branch keeps acceptances and history."),
    ] = None,
) -> int:
    """Judge, render, and bring GitHub up to date: one comment, one check; safe to run again.

    The token is read from GITHUB_TOKEN, the repository from GITHUB_REPOSITORY.

    Example: slimgate publish --request request.json --plan plan.json --results results --out out
    """
    from datetime import datetime, timezone

    from bench.job import Plan
    from bot.assemble import unplanned_report
    from bot.github.client import Client
    from bot.github.environment import read_connection, read_run_id, read_run_url
    from bot.publish.publication import Origin, publish_report
    from bot.records import keep_acceptances, keep_history
    from bot.report_files import write_files, write_report
    from bot.request import RunRequest
    from compress.schema import load_json

    asked = load_json(RunRequest, request)
    branch = _data_branch(records)
    if plan.exists():
        _require_hash(plan, plan_sha256)
        planned = load_json(Plan, plan)
        _require_same_head(asked, planned, plan)
        acceptances = keep_acceptances(branch, asked, planned) if branch else []
        report = write_report(planned, results, out, acceptances)
    else:
        report = write_files(unplanned_report(asked, _read_problem(problem)), results, out)
    _add_job_summary(out / "report.md")
    if asked.number is not None:
        client = Client(read_connection(), asked.number)
        publish_report(report, Origin(asked.results_run or read_run_id(), read_run_url()), client)
    elif branch is not None:
        keep_history(branch, report, read_run_id(), datetime.now(timezone.utc))
    print(f"{report.conclusion}: {report.headline}")
    return 0


def _data_branch(records: str | None) -> DataBranch | None:
    from bot.data_branch import DataBranch, token_environment

    if records is None:
        return None
    server, token = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_TOKEN")
    environment = token_environment(server, token) if server and token else {}
    return DataBranch(records, environment)


def _read_problem(problem: Path | None) -> str:
    """The complaint about the change; it quotes the change, and is untrusted."""
    if problem is None or not problem.is_file():
        return "the job that plans left no reason; see its log"
    return problem.read_text(encoding="utf-8", errors="replace")[:MAX_PROBLEM_CHARACTERS]


def _require_hash(plan: Path, wanted: str | None) -> None:
    from compress.errors import InputError
    from compress.store import hash_file

    if wanted is not None and hash_file(plan) != wanted:
        raise InputError(
            "is not the plan that was made: somebody replaced it",
            file=str(plan),
            key="--plan-sha256",
            hint="look at what the runner did, then run again",
        )


def _require_same_head(asked: RunRequest, planned: Plan, file: Path) -> None:
    from compress.errors import InputError

    if planned.head != asked.head:
        raise InputError(
            f"is a plan for {planned.head[:12]}, asked for was {asked.head[:12]}",
            file=str(file),
            key="head",
            hint="give the plan that was made from this request",
        )


def _add_job_summary(report: Path) -> None:
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("a", encoding="utf-8") as stream:
            stream.write(report.read_text(encoding="utf-8"))
