"""The report as JSON of a bounded size."""

from __future__ import annotations

from collections.abc import Callable

from bot.report.report import CaseReport, Report
from bot.text.limits import size
from core.schema import dump_json

MAX_REPORT_BYTES = 64 * 2**20
"""What ``core.schema.load_json`` reads."""
MAX_ROWS = 1000

Form = Callable[[Report], Report]


def render_json(report: Report, limit: int = MAX_REPORT_BYTES) -> str:
    """The report of at most ``limit`` bytes. Where it is larger, it loses the samples, then logs
    and pictures, then what the change touches beyond the first rows, then the cases one by one;
    the plan and the results hold all of them. The rest is of a bounded size.
    """
    text = dump_json(report, indent=1) + "\n"
    for form in FORMS:
        if size(text) <= limit:
            break
        report = form(report)
        text = dump_json(report, indent=1) + "\n"
    return text


def _without_samples(report: Report) -> Report:
    return _with_cases(report, lambda case: case.model_copy(update={"variants": _untimed(case)}))


def _untimed(case: CaseReport) -> tuple[object, ...]:
    return tuple(v.model_copy(update={"rounds_ms": ()}) for v in case.variants)


def _without_logs(report: Report) -> Report:
    return _with_cases(
        report,
        lambda case: case.model_copy(
            update={
                "failures": tuple(f.model_copy(update={"log_tail": ""}) for f in case.failures),
                "pictures": (),
            }
        ),
    )


def _without_rows(report: Report) -> Report:
    affected = tuple(
        item.model_copy(
            update={"keys": item.keys[:8], "reasons": item.reasons[:3], "changes": item.changes[:3]}
        )
        for item in report.affected[:MAX_ROWS]
    )
    programs = tuple(item.model_copy(update={"change": None}) for item in report.programs)
    rows = {
        "affected": affected,
        "programs": programs[:MAX_ROWS],
        "skipped": report.skipped[:MAX_ROWS],
        "code_changes": report.code_changes[:MAX_ROWS],
    }
    return report.model_copy(update=rows)


def _without_cases(report: Report) -> Report:
    empty = ("cases", "programs", "affected", "skipped")
    return report.model_copy(update={"machines": {}, **dict.fromkeys(empty, ())})


def _with_cases(report: Report, change: Callable[[CaseReport], CaseReport]) -> Report:
    return report.model_copy(update={"cases": tuple(map(change, report.cases))})


FORMS: tuple[Form, ...] = (_without_samples, _without_logs, _without_rows, _without_cases)
