"""Says what is going on: a live line on a terminal, plain lines elsewhere. Always on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

LOG_WIDTH = 140

Say = Callable[[str], None]


def stderr_console() -> Console:
    """Where people read: standard error, so that standard output stays for machines."""
    return Console(stderr=True, highlight=False)


def stdout_console() -> Console:
    """For tables; in a file or a log they get the room that a terminal may not have."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=LOG_WIDTH)


@contextmanager
def progress(console: Console) -> Iterator[Say]:
    """Yields ``say``; each call replaces the live line, or prints a line with the time passed."""
    start = time.monotonic()
    if console.is_terminal:
        with console.status("starting") as status:
            yield lambda text: status.update(Text(f"[{time.monotonic() - start:4.0f} s] {text}"))
        return

    def say(text: str) -> None:
        console.print(f"[{time.monotonic() - start:4.0f} s] {text}", markup=False, soft_wrap=True)

    yield say
