"""``slimgate runner``: checks whether this machine can measure, and how well."""

from __future__ import annotations

import typer

from bot.commands.options import Threads

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
def check(threads: Threads = None) -> int:
    """Show this machine's processor, versions and sandbox, and what makes it unfit to measure.

    Exit code: 0 fit to measure, 3 something is missing or Paddle does not start.

    Example: slimgate runner check
    """
    from bot.run.runner_check import check_runner

    return check_runner(threads)
