"""``slimgate execute``: runs a plan's jobs on this machine and leaves their results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import Data, Fetch, Out, Repo, StoreFolder, Suite
from bot.commands.wiring import open_workshop

if TYPE_CHECKING:
    from bench.result import Failed
    from bot.plan.values import Plan


def execute(
    plan: Annotated[Path, typer.Option(help="plan.json, as slimgate plan --out wrote it.")],
    suite: Suite,
    repo: Repo,
    out: Out,
    data: Data = None,
    store: StoreFolder = None,
    sandbox: Annotated[
        bool, typer.Option(help="Confine the suite's code with bubblewrap (docs/runners.md).")
    ] = True,
    fetch: Fetch = True,
) -> int:
    """Run a plan's jobs and leave their results; nothing is judged. This is a runner's part.

    The suite's code runs in a sandbox: it sees no network, no other files and no other processes.

    Exit code: 0 everything measured, 2 bad input, 3 something failed (the results say what).

    Example: slimgate execute --plan plan.json --suite PaddleSeg --repo PaddleSeg --out measured
    """
    from bot.run.execute import execute_plan
    from bot.run.folders import data_folder, leave_problem
    from bot.text.progress import progress, stderr_console
    from core.errors import InputError
    from core.git import open_repo

    planned = _load_plan(plan, suite)
    folder = data_folder(data, repo / planned.data_dir)
    try:
        with (
            progress(stderr_console()) as say,
            open_workshop(store, say, confined=sandbox, fetches=fetch) as workshop,
        ):
            failed = execute_plan(planned, open_repo(repo), out, folder, workshop)
    except InputError as error:
        leave_problem(out, str(error))
        raise
    return _say_failed(failed)


def _load_plan(file: Path, suite: str) -> Plan:
    """The plan with the manifest of this machine; raises InputError if it may not be run."""
    from bot.plan.values import Plan
    from compress.manifest import find_manifest, load_manifest
    from core.errors import InputError
    from core.schema import load_json

    planned, manifest = load_json(Plan, file), find_manifest(suite)
    if planned.held:
        hint = "publish it as it is: the check tells the maintainer"
        raise InputError(planned.held, file=str(file), key="held", hint=hint)
    name = load_manifest(manifest).suite
    if name != planned.suite:
        hint = "give the manifest that the plan was made with"
        raise InputError(f"the plan is for {planned.suite}, not {name}", key="--suite", hint=hint)
    return planned.model_copy(update={"manifest": str(manifest.resolve())})


def _say_failed(failed: list[Failed]) -> int:
    """A line for each failure; the exit code."""
    from bot.text.escape import visible
    from core.errors import EXIT_INCOMPLETE, EXIT_OK

    for failure in failed:
        where = f"{failure.side} {failure.recipe}: {failure.stage}"
        typer.echo(f"failed: {where}: {visible(failure.message)}", err=True)
    return EXIT_INCOMPLETE if failed else EXIT_OK


COMMAND = execute
