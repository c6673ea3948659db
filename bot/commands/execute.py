"""``slimgate execute``: runs the jobs of a plan on this machine and writes their results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import (
    Data,
    Fetch,
    Out,
    Repo,
    RunnerKind,
    RuntimeName,
    Sandboxed,
    StoreFolder,
    Suite,
)
from bot.commands.wiring import open_workshop, runtimes_root

if TYPE_CHECKING:
    from bench.result import Failed
    from bot.plan.values import Plan


def execute(
    plan: Annotated[
        Path, typer.Option(help="Plan file (JSON) that slimgate plan wrote with --out.")
    ],
    suite: Suite,
    repo: Repo,
    out: Out,
    data: Data = None,
    store: StoreFolder = None,
    kind: RunnerKind = "cpu",
    runtime: RuntimeName = None,
    sandbox: Sandboxed = True,
    fetch: Fetch = True,
) -> int:
    """Run the jobs of a plan on this machine and write their results, without judging them.

    This is what a runner does. It needs no token.

    Exit code: 0 everything was measured, 2 bad input, 3 something failed (the results say what).

    Example: slimgate execute --plan plan.json --suite PaddleSeg --repo PaddleSeg --out measured
    """
    from bot.run.execute import execute_plan
    from bot.run.folders import data_folder, leave_problem
    from bot.run.kinds import choose_runtime, find_kind, located
    from compress.runtimes.installed import find_runtime
    from core.errors import InputError
    from core.git import open_repo

    planned = _load_plan(plan, suite)
    try:
        opened = open_repo(repo)
        folder = data_folder(data, opened, planned.data_dir)
        measured = find_kind(planned.runners, kind, planned.manifest)
        manifest, base = Path(planned.manifest), None
        chosen = choose_runtime(measured, runtime, manifest)
        if planned.runtimes is not None:
            _refuse_runtime(runtime, planned.runtimes)
            first, chosen = (located(name, manifest) for name in planned.runtimes)
            base = find_runtime(first, runtimes_root())
        with open_workshop(store, confined=sandbox, fetches=fetch, runtime=chosen) as workshop:
            failed = execute_plan(planned, opened, out, folder, workshop, kind, base)
    except InputError as error:
        leave_problem(out, str(error))
        raise
    return _print_failures(failed)


def _load_plan(file: Path, suite: str) -> Plan:
    """The plan, with this machine's path of the manifest; raises InputError if the plan is held or
    is for another suite.
    """
    from bot.plan.values import Plan
    from compress.manifest import find_manifest, load_manifest
    from core.errors import InputError
    from core.schema import load_json

    planned, manifest = load_json(Plan, file), find_manifest(suite)
    if planned.held:
        hint = "publish the plan as it is: the check shows the maintainer what to do"
        raise InputError(planned.held, file=str(file), key="held", hint=hint)
    name = load_manifest(manifest).suite
    if name != planned.suite:
        hint = "give the suite or manifest that the plan was made with"
        raise InputError(f"the plan is for {planned.suite}, not {name}", key="--suite", hint=hint)
    return planned.model_copy(update={"manifest": str(manifest.resolve())})


def _refuse_runtime(option: str | None, planned: tuple[str, str]) -> None:
    """Raises InputError for an option that would be ignored."""
    from core.errors import InputError

    if option is not None:
        raise InputError(
            f"the plan compares the runtimes {planned[0]} and {planned[1]}",
            key="--runtime",
            given=option,
            hint="leave the option out",
        )


def _print_failures(failed: list[Failed]) -> int:
    """Prints a line for each failure; returns the exit code."""
    from bot.text.escape import one_line
    from bot.text.output import print_text
    from core.errors import EXIT_INCOMPLETE, EXIT_OK

    for failure in failed:
        where = f"{failure.side} {failure.recipe}: {failure.stage}"
        print_text(one_line(f"failed: {where}: {failure.message}"), err=True)
    return EXIT_INCOMPLETE if failed else EXIT_OK


COMMAND = execute
