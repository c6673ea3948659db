"""``slimgate cache``: the store of exported and compressed models."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from bot.commands.options import StoreFolder

cache = typer.Typer(
    help="Look at the store and clear it.\n\nExample: slimgate cache ls", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(cache, name="cache")


@cache.command("ls")
def list_entries(store: StoreFolder = None) -> int:
    """List what the store holds, by last use.

    Example: slimgate cache ls
    """
    from compress.store import Store, default_root

    chosen = Store(store or default_root())
    entries = sorted(chosen.entries(), key=lambda entry: -entry.used_at)
    for entry in entries:
        age_h = (time.time() - entry.used_at) / 3600
        typer.echo(f"{entry.key[:16]}  {entry.size_bytes / 1e6:9.2f} MB  used {age_h:6.1f} h ago")
    total = sum(entry.size_bytes for entry in entries)
    typer.echo(f"{len(entries)} entries, {total / 1e6:.1f} MB in {chosen.root}")
    return 0


@cache.command("gc")
def collect(
    store: StoreFolder = None,
    max_gb: Annotated[float, typer.Option(help="Keep at most so much.", min=0)] = 10.0,
    max_days: Annotated[float, typer.Option(help="Keep nothing unused for longer.", min=0)] = 30.0,
) -> int:
    """Remove what was not used for longest.

    Example: slimgate cache gc --max-gb 5
    """
    from compress.store import Store, default_root

    removed = Store(store or default_root()).collect(int(max_gb * 1e9), max_days * 86_400)
    freed = sum(entry.size_bytes for entry in removed)
    typer.echo(f"removed {len(removed)} entries, {freed / 1e6:.1f} MB")
    return 0
