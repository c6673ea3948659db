"""``slimgate publish``: the comment, the check and the job summary, from a plan and its results."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import Out

if TYPE_CHECKING:
    from bench.job import Plan
    from bot.request import RunRequest


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("publish")(publish)


def publish(
    request: Annotated[Path, typer.Option(help="What slimgate gate wrote.")],
    plan: Annotated[Path, typer.Option(help="plan.json of this run.")],
    results: Annotated[Path, typer.Option(help="Folder with one result per job.")],
    out: Out,
) -> int:
    """Judge, render, and bring GitHub up to date: one comment, one check; safe to run again.

    The token is read from GITHUB_TOKEN, the repository from GITHUB_REPOSITORY.

    Example: slimgate publish --request request.json --plan plan.json --results results --out out
    """
    from bench.job import Plan
    from bot.github.client import Client
    from bot.github.environment import read_connection, read_run_id, read_run_url
    from bot.pipeline import write_report
    from bot.publish.publication import Origin, publish_report
    from bot.request import RunRequest
    from compress.schema import load_json

    asked = load_json(RunRequest, request)
    planned = load_json(Plan, plan)
    _require_same_head(asked, planned, plan)
    report = write_report(planned, results, out)
    _add_job_summary(out / "report.md")
    if asked.number is not None:
        client = Client(read_connection(), asked.number)
        publish_report(report, Origin(read_run_id(), read_run_url()), client)
    print(f"{report.conclusion}: {report.headline}")
    return 0


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
