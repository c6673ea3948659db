"""The report as one self-contained HTML page: plots, pictures, every detail, in a bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from bot.report import plots, programs, table
from bot.report.gallery import hang
from bot.report.key_changes import key_changes
from bot.report.report import Report
from bot.text.escape import visible
from bot.text.limits import ELLIPSIS, fit
from bot.text.templates import template_environment

SYMBOLS = {"success": "✓", "failure": "✗", "action_required": "!", "neutral": "○"}
"""Plain characters, which the style sheet colours: some machines have no emoji."""
MAX_PAGE_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Detail:
    """How much a form of the page shows: ``pictures``, ``logs`` of failures, the ``cases`` one by
    one, and how many ``rows`` of a table or a list.
    """

    pictures: bool = True
    logs: bool = True
    cases: bool = True
    rows: int = 10_000


DETAIL = (
    Detail(),
    Detail(pictures=False),
    Detail(pictures=False, logs=False),
    Detail(pictures=False, logs=False, cases=False),
    Detail(pictures=False, logs=False, cases=False, rows=100),
)


def render_html(report: Report, results: Mapping[str, Path], limit: int = MAX_PAGE_BYTES) -> str:
    """The page of at most ``limit`` bytes, with everything escaped. ``results`` are folders by kind
    of runner, with the pictures that the results name.

    Where the page is too large, pictures go first, then logs, then the cases one by one, then the
    rows of each table and list after the first hundred; the results hold everything.
    """
    environment = template_environment(autoescape=True)
    environment.finalize = shown
    environment.filters.update(unbroken=unbroken, brief=brief)
    page = partial(
        environment.get_template("report.html.j2").generate,
        report=report,
        table=table,
        changes=key_changes(report.affected),
        programs=programs,
        groups=programs.group_programs(report.programs),
        tables=list(table.rows_by_runner(report).values()),
        plots=plots,
        marks=SYMBOLS,
        words=table.WORDS,
    )
    return fit(limit, [partial(_form, page, report, results, detail) for detail in DETAIL])


def _form(page: Any, report: Report, results: Mapping[str, Path], detail: Detail) -> Iterable[str]:
    pictures = hang(report.cases, results) if detail.pictures else {}
    pieces: Iterable[str] = page(detail=detail, pictures=pictures, shortened=detail != DETAIL[0])
    return pieces


def shown(value: object) -> object:
    """A value of the template as the page holds it: text without characters that are not drawn, by
    which other text on its line would read backwards.
    """
    if isinstance(value, Markup):  # of a macro, whose values were shown
        return value
    return visible(value, keep="\n\t") if isinstance(value, str) else value


def brief(text: object, limit: int = 2000) -> str:
    """The beginning of a text that is longer than the page has use for."""
    whole = str(text)
    return whole if len(whole) <= limit else whole[: limit - 1] + ELLIPSIS


def unbroken(cell: str) -> str:
    """The cell with lines broken before an interval only: ``−0.42 [−0.61, −0.20]`` on two lines."""
    before, bracket, interval = cell.partition(" [")
    if not bracket:
        return cell
    return " [".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in (before, interval))
