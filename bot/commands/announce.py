"""``slimgate announce``: shows in the open check what is about to be measured."""

from __future__ import annotations

from bot.commands.options import PlanFile, PlanHash, Records, RequestFile
from bot.commands.wiring import open_client, open_records, read_environment


def announce(
    request: RequestFile,
    plan: PlanFile,
    plan_sha256: PlanHash = None,
    records: Records = None,
) -> int:
    """Show in the open check what will be measured and how long it took before.

    Used by the bot's workflow (docs/github.md). The token is read from GITHUB_TOKEN, the
    repository from GITHUB_REPOSITORY.

    Example: slimgate announce --request request.json --plan plan.json
    """
    from bot.plan.request import RunRequest
    from bot.publish.publishing import announce_run, load_plan
    from bot.text.output import print_text
    from core.schema import load_json

    admitted = load_json(RunRequest, request)
    planned = load_plan(admitted, plan, plan_sha256)
    if admitted.number is None or admitted.compares is not None or planned.held or not planned.runs:
        print_text("nothing to announce")
        return 0
    environment = read_environment()
    client, branch = open_client(environment, admitted.number), open_records(records, environment)
    announce_run(admitted, planned, environment.run_id, client, branch)
    return 0


COMMAND = announce
