"""The report as GitHub-flavoured Markdown, for the comment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bot.github.values import MAX_BODY_CHARACTERS
from bot.report import table
from bot.report.report import Conclusion, Report
from bot.text.escape import code, escape_markdown, fence
from bot.text.templates import template_environment

LIMIT = MAX_BODY_CHARACTERS
URGENCY: tuple[Conclusion, ...] = ("failure", "action_required", "neutral", "success")
"""The order of rows in a table that is cut."""


def render_markdown(report: Report, limit: int = LIMIT - 1) -> str:
    """Markdown of at most ``limit`` characters; details are dropped until it fits.

    Dropped first are the logs of failures, then the details of each case, then the list of affected
    configs, then the rows of each table after the first 100, after the first 20, and all rows. Of a
    table that loses rows, those that did not pass come first.
    """
    steps: list[Callable[[], str]] = [
        lambda: _render(report),
        lambda: _render(report, logs=False),
        lambda: _render(report, logs=False, details=False),
        lambda: _render(report, logs=False, details=False, affected=0),
        lambda: _render(report, logs=False, details=False, affected=0, rows=100),
        lambda: _render(report, logs=False, details=False, affected=0, rows=20),
    ]
    texts = (step() for step in steps)
    shortest = partial(_render, report, logs=False, details=False, affected=0, rows=0)
    return next((text for text in texts if len(text) <= limit), None) or shortest()


def _render(
    report: Report,
    *,
    logs: bool = True,
    details: bool = True,
    affected: int = 40,
    rows: int = 10_000,
) -> str:
    environment = template_environment(autoescape=False)
    environment.filters.update(md=escape_markdown, fence=fence, code=code)
    tables = {
        key: _failures_first(cases) if len(cases) > rows else cases
        for key, cases in table.rows_by_runner(report).items()
    }
    return environment.get_template("report.md.j2").render(
        report=report,
        tables=tables,
        headers=table.HEADERS,
        table=table,
        marks=table.MARKS,
        words=table.WORDS,
        logs=logs,
        details=details,
        affected=affected,
        rows=rows,
        shortened=not (logs and details),
    )


def _failures_first(rows: list[table.Row]) -> list[table.Row]:
    """The rows by urgency; rows of one conclusion keep their order."""
    return sorted(rows, key=lambda row: URGENCY.index(row.case.conclusion))
