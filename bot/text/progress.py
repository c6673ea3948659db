"""Consoles, and progress on them: a live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from bot.text.escape import log_text

LOG_WIDTH = 140

Say = Callable[[str], None]


def stderr_console() -> Console:
    """For messages to people: standard error, so that standard output is free for machines."""
    return Console(stderr=True, highlight=False)


def stdout_console() -> Console:
    """For tables on standard output; in a file or a log they are ``LOG_WIDTH`` characters wide."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=LOG_WIDTH)


def plain_text(text: str, style: str = "") -> Text:
    """Untrusted text on one line, for a console or a cell of its tables; without markup, control
    characters and commands of GitHub's runners, wherever a table breaks its lines.
    """
    return Text(log_text(text, keep=""), style=style)


@contextmanager
def progress(console: Console) -> Iterator[Say]:
    """Yields ``say``; each call replaces the live line, or prints a line with the elapsed time."""
    start = time.monotonic()

    def line(text: str) -> str:
        return f"[{time.monotonic() - start:4.0f} s] {text}"

    if console.is_terminal:
        with console.status("starting") as status:
            yield lambda text: status.update(plain_text(line(text)))
        return

    def say(text: str) -> None:
        console.print(plain_text(line(text)), soft_wrap=True)

    yield say


def print_line(line: str, console: Console, style: str = "") -> None:
    """Prints untrusted text on one line. It is not wrapped: what begins with ``::`` at the start of
    a line is a command to GitHub's runners.
    """
    console.print(plain_text(line, style), soft_wrap=True)
