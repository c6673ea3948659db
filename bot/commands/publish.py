"""``slimgate publish``: the comment, the check and the job summary, from a plan and its results."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import Out, Records

if TYPE_CHECKING:
    from bot.data_branch import DataBranch


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("publish")(publish)


def publish(
    request: Annotated[Path, typer.Option(help="What slimgate gate wrote.")],
    plan: Annotated[Path, typer.Option(help="plan.json of this run.")],
    results: Annotated[
        Path, typer.Option(help="Folder with a folder results-KIND for each kind of runner.")
    ],
    out: Out,
    plan_sha256: Annotated[
        str | None, typer.Option("--plan-sha256", help="What the plan has to hash to.")
    ] = None,
    problem: Annotated[
        Path | None, typer.Option(help="Why there is no plan, as slimgate plan complained.")
    ] = None,
    records: Records = None,
) -> int:
    """Judge, render, and bring GitHub up to date: one comment, one check; safe to run again.

    The token is read from GITHUB_TOKEN, the repository from GITHUB_REPOSITORY.

    Example: slimgate publish --request request.json --plan plan.json --results results --out out
    """
    from datetime import datetime, timezone

    from bot.github.client import Client
    from bot.github.environment import read_connection, read_run_id, read_run_url
    from bot.publish.publication import Origin
    from bot.publishing import RunFiles, judge_run, publish_run
    from bot.records import keep_history
    from bot.request import RunRequest
    from compress.schema import load_json

    asked = load_json(RunRequest, request)
    branch = data_branch(records)
    report = judge_run(asked, RunFiles(plan, results, plan_sha256, problem), out, branch)
    _add_job_summary(out / "report.md")
    if asked.number is not None:
        origin = Origin(asked.results_run or read_run_id(), read_run_url())
        client = Client(read_connection(), asked.number)
        publish_run(asked, report, origin, client, branch)
    elif branch is not None:
        run_id = asked.results_run or read_run_id()
        keep_history(branch, report, run_id, datetime.now(timezone.utc), asked.merged_as)
    print(f"{report.conclusion}: {report.headline}")
    return 0


def data_branch(records: str | None) -> DataBranch | None:
    """The branch, with the token of this job if it is on GitHub."""
    from bot.data_branch import DataBranch, token_environment

    if records is None:
        return None
    server, token = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_TOKEN")
    environment = token_environment(server, token) if server and token else {}
    return DataBranch(records, environment)


def _add_job_summary(report: Path) -> None:
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("a", encoding="utf-8") as stream:
            stream.write(report.read_text(encoding="utf-8"))
