"""``slimgate publish``: writes the comment, the check and the job summary from the results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import Out, PlanFile, PlanHash, Records, RequestFile
from bot.commands.wiring import now, open_client, open_records, read_environment


def publish(
    request: RequestFile,
    plan: PlanFile,
    results: Annotated[
        Path,
        typer.Option(help="Folder that holds one folder results-KIND for each kind of runner."),
    ],
    out: Out,
    plan_sha256: PlanHash = None,
    problem: Annotated[
        Path | None,
        typer.Option(help="File with the error message of slimgate plan, if there is no plan."),
    ] = None,
    records: Records = None,
) -> int:
    """Judge the results and update the pull request: one comment, one check, the job summary.

    Used by the bot's workflow (docs/github.md). Running it again changes nothing. The token is
    read from GITHUB_TOKEN, the repository from GITHUB_REPOSITORY.

    Example: slimgate publish --request request.json --plan plan.json --results results --out out
    """
    from bot.plan.request import RunRequest
    from bot.publish.publication import Origin, publish_check
    from bot.publish.publishing import RunFiles, judge_run, publish_run
    from bot.records.keep import keep_history
    from bot.text.escape import one_line
    from bot.text.output import print_text
    from core.schema import load_json

    admitted, environment = load_json(RunRequest, request), read_environment()
    branch = open_records(records, environment)
    report = judge_run(admitted, RunFiles(plan, results, plan_sha256, problem), out, branch)
    if environment.summary is not None:
        add_to_summary(environment.summary, out / "report.md")
    run_id = admitted.results_run or environment.run_id
    origin = Origin(run_id, environment.run_url)
    if admitted.origin == "queue":
        publish_check(report, origin, open_client(environment, None))
    elif admitted.number is not None:
        client = open_client(environment, admitted.number)
        publish_run(admitted, report, origin, client, branch)
    elif branch is not None:
        keep_history(branch, report, run_id, now(), admitted.merged_as)
    print_text(one_line(f"{report.conclusion}: {report.headline}"))
    return 0


def add_to_summary(summary: Path, report: Path) -> None:
    """Adds the report to the job's summary."""
    with summary.open("a", encoding="utf-8") as stream:
        stream.write(report.read_text(encoding="utf-8"))


COMMAND = publish
