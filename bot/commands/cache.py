"""``slimgate cache``: lists and clears the store of exported and compressed models."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from bot.commands.options import StoreFolder, no_nan
from bot.commands.wiring import open_store
from bot.text.output import print_text
from core.store import StoredEntry

MAX_GB, MAX_DAYS = 1e9, 1e6

COMMAND = typer.Typer(
    help="List and clear the store of exported and compressed models.\n\n"
    "Example: slimgate cache ls",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)


@COMMAND.command("ls")
def list_entries(store: StoreFolder = None) -> int:
    """List the entries of the store, the most recently used first.

    Example: slimgate cache ls
    """
    opened = open_store(store)
    entries = sorted(opened.entries(), key=lambda entry: -entry.used_at)
    for entry in entries:
        age_h = (time.time() - entry.used_at) / 3600
        print_text(f"{entry.key[:16]}  {entry.size_bytes / 1e6:9.2f} MB  used {age_h:6.1f} h ago")
    total = sum(entry.size_bytes for entry in entries)
    print_text(f"{len(entries)} entries, {total / 1e6:.1f} MB in {opened.root}")
    return 0


@COMMAND.command("gc")
def collect(
    store: StoreFolder = None,
    max_gb: Annotated[
        float,
        typer.Option(help="Maximum size of the store, in GB.", min=0, max=MAX_GB, callback=no_nan),
    ] = 10.0,
    max_days: Annotated[
        float,
        typer.Option(
            help="Also remove entries that have not been used for this many days.",
            min=0,
            max=MAX_DAYS,
            callback=no_nan,
        ),
    ] = 30.0,
) -> int:
    """Remove the least recently used entries and downloads until the store fits --max-gb.

    With --max-days 0 nothing is kept.

    Example: slimgate cache gc --max-gb 5
    """
    kept: list[StoredEntry] = []
    removed = open_store(store).collect(int(max_gb * 1e9), max_days * 86_400, kept.append)
    freed = sum(entry.size_bytes for entry in removed)
    print_text(f"removed {len(removed)} entries, {freed / 1e6:.1f} MB")
    if kept:
        print_text(f"{len(kept)} cannot be removed or are in use, such as {kept[0].folder}")
    return 0
