"""``slimgate runner``: what this machine can measure, and how well."""

from __future__ import annotations

import typer

from bot.commands.options import Threads

runner = typer.Typer(
    help="Check a machine that measures.\n\nExample: slimgate runner check", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(runner, name="runner")


@runner.callback()
def _group() -> None:
    """Keeps ``check`` a subcommand."""


@runner.command("check")
def check(threads: Threads = None) -> int:
    """Say what this machine is, which versions it has and whether Paddle starts here.

    Example: slimgate runner check
    """
    from bot.runner_check import check_runner

    return check_runner(threads)
