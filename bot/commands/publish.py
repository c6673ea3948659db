"""``slimgate publish``: the comment, the check and the job summary, from a plan and its results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import Out, Records
from bot.commands.wiring import now, open_client, open_records, read_environment


def publish(
    request: Annotated[Path, typer.Option(help="What slimgate admit wrote.")],
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
    from bot.plan.request import RunRequest
    from bot.publish.publication import Origin
    from bot.publish.publishing import RunFiles, judge_run, publish_run
    from bot.records.keep import keep_history
    from core.schema import load_json

    asked, environment = load_json(RunRequest, request), read_environment()
    branch = open_records(records, environment)
    report = judge_run(asked, RunFiles(plan, results, plan_sha256, problem), out, branch)
    if environment.summary is not None:
        add_to_summary(environment.summary, out / "report.md")
    run_id = asked.results_run or environment.run_id
    if asked.number is not None:
        client = open_client(environment, asked.number)
        publish_run(asked, report, Origin(run_id, environment.run_url), client, branch)
    elif branch is not None:
        keep_history(branch, report, run_id, now(), asked.merged_as)
    print(f"{report.conclusion}: {report.headline}")
    return 0


def add_to_summary(summary: Path, report: Path) -> None:
    """Adds the report to the job's summary."""
    with summary.open("a", encoding="utf-8") as stream:
        stream.write(report.read_text(encoding="utf-8"))


COMMAND = publish
