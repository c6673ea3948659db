"""What is said may hold anything: names from a suite's configs, among others."""

import io

import pytest
from rich.console import Console

from bot.text.progress import progress


@pytest.mark.parametrize("terminal", [True, False])
def test_square_brackets_are_no_markup(terminal):
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100)
    with progress(console) as say:
        say("no data at data/[/b]/[red]")
        if terminal:
            console.print()  # lets the live line be drawn
    assert terminal or "data/[/b]/[red]" in out.getvalue()
