"""``slimgate runner``: checks whether this machine can measure, and how well."""

from __future__ import annotations

import typer

from bot.commands.options import RuntimeName, Threads
from bot.commands.wiring import runtimes_root

COMMAND = typer.Typer(
    help="Check whether this machine is fit to be a runner.\n\nExample: slimgate runner check",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)


@COMMAND.callback()
def _group() -> None:
    """Keeps ``check`` a subcommand."""


@COMMAND.command("check")
def check(threads: Threads = None, runtime: RuntimeName = None) -> int:
    """Show this machine's processor, versions and sandbox, and what makes it unfit to measure.

    Exit code: 0 fit to measure, 3 something is missing or Paddle does not start.

    Example: slimgate runner check
    """
    from bot.run.runner_check import check_runner
    from compress.runtimes.installed import find_runtime
    from compress.runtimes.runtime import own_runtime
    from core.errors import InputError

    try:
        found = find_runtime(runtime, runtimes_root())
    except InputError:
        if runtime is not None:
            raise
        found = own_runtime()  # the check says what it lacks
    return check_runner(threads, found)
