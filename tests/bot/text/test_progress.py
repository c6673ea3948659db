"""Progress on a terminal and in a log; names from a suite's configs may hold anything."""

import io
import re

import pytest
from rich.console import Console
from rich.table import Table

from bot.text.progress import LOG_WIDTH, plain_text, progress, stderr_console, stdout_console


@pytest.mark.parametrize("terminal", [True, False])
def test_square_brackets_are_not_markup(terminal):
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100)
    with progress(console) as say:
        say("no data at data/[/b]/[red]")
        if terminal:
            console.print()  # lets the live line be drawn
    assert "data/[/b]/[red]" in out.getvalue() or terminal


def test_a_log_has_a_line_with_the_time_for_each_call():
    out = io.StringIO()
    with progress(Console(file=out, width=20)) as say:
        say("a line that is longer than the console is wide")
        say("done")
    first, second = out.getvalue().splitlines()
    assert re.fullmatch(r"\[ +0 s\] a line that is longer than the console is wide", first)
    assert re.fullmatch(r"\[ +0 s\] done", second)


def test_people_read_on_standard_error(capsys):
    stderr_console().print("[b]x[/b]")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "x\n")


def test_tables_in_a_log_have_room(capsys):
    console = stdout_console()
    console.print("x")
    assert console.width == LOG_WIDTH
    assert capsys.readouterr().out == "x\n"


@pytest.mark.parametrize("terminal", [True, False])
def test_what_is_said_holds_no_control_characters_or_commands(terminal):
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100)
    with progress(console) as say:
        say("\x1b]0;title\x07::error::x##[y]")
        if terminal:
            console.print()
    written = out.getvalue()
    assert "\x1b]0;" not in written
    assert "\x07" not in written
    assert "::" not in written
    assert "##[" not in written
    assert terminal or "]0;title: :error: :x# #[y]" in written


@pytest.mark.parametrize("width", range(4, 24))
def test_a_cell_of_a_table_begins_no_command_wherever_it_is_broken(width):
    out = io.StringIO()
    table = Table(box=None, pad_edge=False)
    table.add_column("", overflow="fold")
    table.add_row(plain_text(":::error file=x::: ##[group]\n::notice::x"))
    Console(file=out, width=width).print(table)
    lines = out.getvalue().split("\n")
    assert not [line for line in lines if line.strip().startswith("::") or "##[" in line]
    assert "".join("".join(lines).split()) == ":::errorfile=x:::##[group]::notice::x"
