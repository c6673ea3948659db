"""Writes the table of docs/security.md: ``python -m tests.defences.table docs/security.md``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from core.schema import write_text
from tests.defences.entries import Defence, load_areas

BEGIN, END = "<!-- defences: begin -->", "<!-- defences: end -->"
"""The lines around the table, which is made anew between them."""
HEAD = "| threat | defence | file | test |\n|---|---|---|---|"
PAGE = "docs/security.md"


def render_table(defences: Iterable[Defence]) -> str:
    """A row for each defence, by the file in which it stands."""
    rows = sorted(defences, key=lambda d: (d.file, d.threat, d.test))
    return "\n".join([HEAD, *map(_row, rows)])


def with_table(page: str, table: str) -> str:
    """The page with the table between its two lines; raises ValueError if it lacks them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def defences() -> list[Defence]:
    """Those of all areas."""
    return [entry.defence for entry in chain.from_iterable(load_areas().values())]


def _row(defence: Defence) -> str:
    file, _, test = defence.test.partition("::")
    cells = (
        _plain(defence.threat),
        _plain(defence.defence),
        f"[{defence.file}](../{defence.file})",
        f"[{test.partition('[')[0]}](../{file})",
    )
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """The text as it reads; only backticks keep their meaning."""
    return re.sub(r"([|*\[\]\\])", r"\\\1", text).replace("<", "&lt;")


def main(page: Path) -> None:
    """Writes the table into the page."""
    write_text(page, with_table(page.read_text("utf-8"), render_table(defences())))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
