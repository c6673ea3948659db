"""Judges the results in a folder and writes the report in every format. Needs no Paddle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.judge.acceptance import Acceptance
from bot.judge.assemble import build_report
from bot.judge.programs import LoadedPrograms, load_programs
from bot.judge.results import ByRunner, load_results
from bot.plan.values import Plan
from bot.report.bounded_json import render_json
from bot.report.html import render_html
from bot.report.markdown import render_markdown
from bot.report.report import Report
from core.schema import write_text


def write_report(
    plan: Plan,
    results: Mapping[str, Path],
    out: Path,
    acceptances: Sequence[Acceptance] = (),
    left_out: Sequence[str] = (),
) -> Report:
    """Judges the results of each kind of runner, by its folder; writes ``report.json``,
    ``report.md`` and ``report.html``; returns the report.
    """
    by_job, programs = _load(plan, results)
    report = build_report(plan, by_job, acceptances, left_out, programs)
    return write_files(report, results, out)


def regressed_cases(plan: Plan, results: Mapping[str, Path]) -> set[str]:
    """The cases that regressed on a kind of runner, whether somebody accepted that or not."""
    by_job, programs = _load(plan, results)
    cases = build_report(plan, by_job, programs=programs).cases
    return {case.id for case in cases if case.conclusion == "failure"}


def _load(plan: Plan, results: Mapping[str, Path]) -> tuple[ByRunner, Mapping[str, LoadedPrograms]]:
    kinds = len(results)
    by_job = {runner: load_results(plan, folder, kinds) for runner, folder in results.items()}
    return by_job, {runner: load_programs(plan, folder) for runner, folder in results.items()}


def write_files(report: Report, results: Mapping[str, Path], out: Path) -> Report:
    """Writes ``report.json``, ``report.md`` and ``report.html``; returns the report."""
    write_text(out / "report.json", render_json(report))
    write_text(out / "report.md", render_markdown(report))
    write_text(out / "report.html", render_html(report, results))
    return report
