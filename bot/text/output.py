"""The only way of plain text to standard output and standard error, where other programs read it:
terminals take control characters for orders, and runners of GitHub take lines for commands.
"""

from __future__ import annotations

import json

import typer

from bot.text.escape import log_text


def print_text(text: str, err: bool = False) -> None:
    """Prints lines for people, which may quote untrusted text."""
    typer.echo(log_text(text), err=err)


def print_json(document: str) -> None:
    """Prints a JSON document; its value stays the same."""
    typer.echo(plain_json(document))


def print_command(line: str) -> None:
    """Prints workflow commands from ``bot.text.escape.annotation``, for runners of GitHub."""
    typer.echo(line)


def plain_json(document: str) -> str:
    """The same value with whatever a terminal does not draw, and ``##[``, as escapes of JSON. No
    line of JSON begins with ``::``.
    """
    lines = (line if line.isprintable() else _escaped(line) for line in document.split("\n"))
    return "\n".join(lines).replace("##[", "#\\u0023[")


def _escaped(line: str) -> str:
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)
