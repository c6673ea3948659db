"""The commands, one module each. To add one: a module with ``COMMAND`` and its name here.

``COMMAND`` is a function, or a ``typer.Typer`` with subcommands. A module is imported only when its
command is used, so that no command pays for the imports of the others.
"""

from __future__ import annotations

import importlib
from typing import Any

import click
import typer
import typer.main
from typer.core import TyperGroup

NAMES = (
    "demo",
    "plan",
    "run",
    "compress",
    "survey",
    "fetch",
    "bench",
    "nodes",
    "ranges",
    "shapes",
    "lint",
    "published",
    "explain",
    "schema",
    "report",
    "execute",
    "init",
    "admit",
    "announce",
    "publish",
    "runner",
    "runtime",
    "cache",
)
ALIASES = {"coverage": "survey", "gate": "admit"}
"""Former names, which still work but are not listed in the help."""


class Commands(TyperGroup):
    """Loads each command only when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        name = ALIASES.get(cmd_name, cmd_name)
        return load_command(name) if name in NAMES else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Lists the valid commands when the name is wrong."""
        if args and args[0] not in (*NAMES, *ALIASES) and not args[0].startswith("-"):
            ctx.fail(f"No such command {args[0]!r}; the commands are {', '.join(NAMES)}.")
        return super().resolve_command(ctx, args)


def load_command(name: str) -> click.Command:
    """The command of that name, as click runs it."""
    app: Any = importlib.import_module(f"{__name__}.{name}").COMMAND
    if not isinstance(app, typer.Typer):
        function = app
        app = typer.Typer(add_completion=False, rich_markup_mode="rich")
        app.command(name)(function)
    command = typer.main.get_command(app)
    command.name = name
    return command
