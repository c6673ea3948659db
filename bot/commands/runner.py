"""``slimgate runner``: what this machine can measure, and how well."""

from __future__ import annotations

import typer

from bot.commands.options import Threads

COMMAND = typer.Typer(
    help="Check whether this machine can measure.\n\nExample: slimgate runner check",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)


@COMMAND.callback()
def _group() -> None:
    """Keeps ``check`` a subcommand."""


@COMMAND.command("check")
def check(threads: Threads = None) -> int:
    """Say what this machine is, which versions it has and whether Paddle starts here.

    Example: slimgate runner check
    """
    from bot.run.runner_check import check_runner

    return check_runner(threads)
