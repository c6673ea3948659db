"""The report as GitHub-flavoured Markdown, for the comment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from bot.report import programs, table
from bot.report.key_changes import key_changes
from bot.report.report import Conclusion, Report
from bot.text.escape import code, escape_markdown, fence
from bot.text.limits import MAX_SUMMARY_BYTES, fit
from bot.text.templates import template_environment

URGENCY: tuple[Conclusion, ...] = ("failure", "action_required", "neutral", "success")
"""The order of rows in a table that is cut."""


@dataclass(frozen=True)
class Detail:
    """How much a form of the report shows: ``logs`` of failures, ``details`` of each case, how many
    ``affected`` configs, how many ``rows`` of each table, and how many ``tables``.
    """

    logs: bool = True
    details: bool = True
    affected: int = 40
    rows: int = 10_000
    tables: int = 1_000


DETAIL = (
    Detail(),
    Detail(logs=False),
    Detail(logs=False, details=False),
    Detail(logs=False, details=False, affected=0),
    Detail(logs=False, details=False, affected=0, rows=100),
    Detail(logs=False, details=False, affected=0, rows=20),
    Detail(logs=False, details=False, affected=0, rows=0),
    Detail(logs=False, details=False, affected=0, rows=0, tables=0),
)


def render_markdown(report: Report, limit: int = MAX_SUMMARY_BYTES) -> str:
    """Markdown of at most ``limit`` bytes; details are dropped until it fits.

    Dropped first are the logs of failures, then the details of each case, then the list of affected
    configs, then the rows of each table after the first 100, after the first 20, and all rows, then
    the tables with their machines. What is left is the headline, the next step and how many cases
    ended how. Of a table that loses rows, those that did not pass come first.
    """
    return fit(limit, [partial(_render, report, detail) for detail in DETAIL])


def _render(report: Report, detail: Detail) -> Iterable[str]:
    environment = template_environment(autoescape=False)
    environment.filters.update(md=escape_markdown, fence=fence, code=code)
    tables = {
        key: _failures_first(cases) if len(cases) > detail.rows else cases
        for key, cases in table.rows_by_runner(report).items()
    }
    return environment.get_template("report.md.j2").generate(
        report=report,
        tables=list(tables.items()) if len(tables) <= detail.tables else [],
        left_out=0 if len(tables) <= detail.tables else len(tables),
        conclusions=Counter(case.conclusion for case in report.cases),
        headers=table.HEADERS,
        table=table,
        changes=key_changes(report.affected),
        programs=programs,
        groups=programs.group_programs(report.programs),
        marks=table.MARKS,
        words=table.WORDS,
        logs=detail.logs,
        details=detail.details,
        affected=detail.affected,
        rows=detail.rows,
        shortened=detail != DETAIL[0],
    )


def _failures_first(rows: list[table.Row]) -> list[table.Row]:
    """The rows by urgency; rows of one conclusion keep their order."""
    return sorted(rows, key=lambda row: URGENCY.index(row.case.conclusion))
