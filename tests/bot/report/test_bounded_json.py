"""The report as JSON: everything where it fits, and a stated order of losses where it does not."""

import json

from bench.result import Picture
from bot.report.bounded_json import MAX_REPORT_BYTES, render_json
from bot.report.report import Report
from bot.text.limits import size
from core.schema import MAX_JSON_BYTES, validate
from tests.bot.report.builders import make_report


def large_report(folder):
    """A report with samples, a log, a picture and many rows."""
    report = make_report(folder, failures=("head qat",))
    (case,) = report.cases
    failure = case.failures[0].model_copy(update={"log_tail": "L" * 3000})
    changes = {"failures": (failure,), "pictures": (Picture(title="t", panels={"a": "a.png"}),)}
    affected = report.affected[0].model_copy(update={"keys": ("k",) * 2000})
    rows = {"affected": (affected,) * 2000, "skipped": report.skipped * 2000}
    return report.model_copy(update={"cases": (case.model_copy(update=changes),), **rows})


def held(text):
    """Which parts a rendered report holds; it is a report in any case."""
    report = validate(Report, json.loads(text), "report.json")
    cases = report.cases
    return (
        any(v.rounds_ms for case in cases for v in case.variants),
        any(case.failures[0].log_tail or case.pictures for case in cases),
        len(report.affected) == len(report.skipped) == 2000,
        bool(cases),
    )


def test_a_report_that_fits_is_whole(tmp_path):
    report = make_report(tmp_path)
    assert validate(Report, json.loads(render_json(report)), "report.json") == report


def test_whoever_reads_reports_takes_the_largest():
    assert MAX_REPORT_BYTES == MAX_JSON_BYTES


def test_a_report_that_is_too_large_loses_detail_in_the_stated_order(tmp_path):
    report = large_report(tmp_path)
    texts = [render_json(report)]
    for _ in range(4):
        texts.append(render_json(report, size(texts[-1]) - 1))
        assert size(texts[-1]) < size(texts[-2])
    assert list(map(held, texts)) == [
        (True, True, True, True),
        (False, True, True, True),
        (False, False, True, True),
        (False, False, False, True),
        (False, False, False, False),
    ]
    assert size(texts[-1]) < 2000


def test_the_verdict_is_never_lost(tmp_path):
    report = large_report(tmp_path)
    last = validate(Report, json.loads(render_json(report, 0)), "report.json")
    assert (last.conclusion, last.headline) == (report.conclusion, report.headline)
    assert last.exit_code == report.exit_code
