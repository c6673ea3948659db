"""Judges the results that lie in a folder and writes the report in every form. Needs no Paddle."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.job import Plan
from bot.acceptance import Acceptance
from bot.assemble import build_report
from bot.render.html import render_html
from bot.render.markdown import render_markdown
from bot.report import Report
from bot.results import load_results
from compress.schema import write_json, write_text


def write_report(
    plan: Plan, results_folder: Path, out: Path, acceptances: Sequence[Acceptance] = ()
) -> Report:
    """Judges and renders; writes ``report.json``, ``report.md`` and ``report.html``."""
    report = build_report(plan, load_results(plan, results_folder), acceptances)
    return write_files(report, results_folder, out)


def write_files(report: Report, results_folder: Path, out: Path) -> Report:
    """Writes ``report.json``, ``report.md`` and ``report.html``; returns the report."""
    write_json(out / "report.json", report)
    write_text(out / "report.md", render_markdown(report))
    write_text(out / "report.html", render_html(report, results_folder))
    return report
