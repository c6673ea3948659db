"""The report as one self-contained HTML page: plots, pictures, every detail."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path

from bot.report import plots, table
from bot.report.report import CaseReport, Report
from bot.text.templates import template_environment

SYMBOLS = {"success": "✓", "failure": "✗", "action_required": "!", "neutral": "○"}
"""Plain characters, which the style sheet colours: some machines have no emoji."""
MAX_PICTURE_BYTES = 2**20


def render_html(report: Report, results: Mapping[str, Path]) -> str:
    """The page, with everything escaped. ``results`` are folders by kind of runner, with the
    pictures that the results name.
    """
    environment = template_environment(autoescape=True)
    environment.filters["unbroken"] = unbroken
    embedded = {case.label: _pictures(case, results[case.runner]) for case in report.cases}
    return environment.get_template("report.html.j2").render(
        report=report,
        table=table,
        plots=plots,
        pictures=embedded,
        marks=SYMBOLS,
        words=table.WORDS,
    )


def unbroken(cell: str) -> str:
    """The cell with lines broken before an interval only: ``−0.42 [−0.61, −0.20]`` on two lines."""
    before, bracket, interval = cell.partition(" [")
    if not bracket:
        return cell
    return " [".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in (before, interval))


def _pictures(case: CaseReport, folder: Path) -> list[tuple[str, dict[str, str]]]:
    """Title of each picture, with the ``data:`` URLs of its panels by name."""
    return [
        (
            picture.title,
            {name: _data_address(folder, file) for name, file in picture.panels.items()},
        )
        for picture in case.pictures
    ]


def _data_address(folder: Path, file: str) -> str:
    """One PNG as a ``data:`` URL; empty for a file that is missing, too large, not a PNG or outside
    the folder.
    """
    path = (folder / file).resolve()
    inside = path.is_relative_to(folder.resolve()) and path.is_file() and not path.is_symlink()
    if not inside or path.stat().st_size > MAX_PICTURE_BYTES:
        return ""
    content = path.read_bytes()
    if not content.startswith(b"\x89PNG"):
        return ""
    return "data:image/png;base64," + base64.b64encode(content).decode()
