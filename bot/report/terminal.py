"""The report on a terminal: the verdict, a table, and the next step."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bench.job import Job
from bot.plan.values import Affected, Plan
from bot.report import programs, table
from bot.report.report import Report
from bot.text.progress import plain_text

LINES = 30
COLOURS = {"success": "green", "failure": "red", "action_required": "yellow", "neutral": "cyan"}


def print_report(report: Report, console: Console) -> None:
    """Prints a summary; the report's files hold everything."""
    colour = COLOURS[report.conclusion]
    _print(report.headline, console, f"bold {colour}")
    if report.cases:
        console.print(_grid(report))
    for group in programs.group_programs(report.programs):
        _print(f"{group.title}: {_first(list(group.configs), 3)}", console)
        for line in (group.reason, *group.lines):
            if line:
                _print(f"  {line}", console)
    for case in report.cases:
        if case.conclusion != "success":
            _print(f"{case.label}: {case.headline}", console)
    if report.conclusion != "success":
        _print(f"Next: {report.next_step}", console)


def _print(line: str, console: Console, style: str = "") -> None:
    """Prints untrusted text on one line. It is not wrapped: what begins with ``::`` at the start of
    a line is a command to GitHub's runners.
    """
    console.print(plain_text(line, style), soft_wrap=True)


def _grid(report: Report) -> Table:
    """One line per case, narrow enough for 100 columns."""
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for header in ("case", "accuracy", "against fp32", "against base", "latency", "speed-up"):
        grid.add_column(header, overflow="fold")
    for case in report.cases:
        before, after, against = case.before, case.after, case.find_comparison("vs_fp32")
        cells = (
            case.label,
            f"{table.accuracy(before)} → {table.accuracy_value(after)}",
            table.change(against),
            table.change(case.find_comparison("vs_base")),
            f"{table.latency_value(before)} → {table.latency_value(after)} ms",
            table.speedup(against),
        )
        grid.add_row(*(plain_text(cell) for cell in cells), style=COLOURS[case.conclusion])
    return grid


def print_plan(plan: Plan, console: Console) -> None:
    """Prints what is affected, why, what runs and what does not; long lists are cut."""
    _print(f"{plan.suite}: {plan.base[:12]}..{plan.head[:12]}", console, "bold")
    count = len(plan.affected)
    configs = f"{count} config{'' if count == 1 else 's'} affected"
    _section(console, configs, [_affected(a) for a in plan.affected])
    if plan.candidates:
        count = len(plan.candidates)
        title = f"{count} program{'' if count == 1 else 's'} to compare before any job"
        _section(console, title, [candidate.config_file for candidate in plan.candidates])
    _section(
        console,
        f"{len(plan.jobs)} job{'' if len(plan.jobs) == 1 else 's'}, {plan.budget_name} budget",
        [_job(job) for job in plan.jobs],
    )
    by_reason: dict[str, list[str]] = {}
    for skipped in plan.skipped:
        by_reason.setdefault(skipped.reason, []).append(str(skipped.case or skipped.config))
    _section(
        console,
        f"{len(plan.skipped)} not run",
        [f"{reason}: {_first(names, 3)}" for reason, names in by_reason.items()],
    )


def _job(job: Job) -> str:
    unless = ", unless its program is the same" if job.only_by_code else ""
    return f"{job.id}  because of {', '.join(job.because)}{unless}"


def _affected(affected: Affected) -> str:
    keys = f": {_first(list(affected.keys), 4, affected.more_keys)}" if affected.keys else ""
    causes = [str(reason) for reason in affected.reasons if reason.changed != affected.config]
    through = f"  (through {_first(causes, 3, affected.more_reasons)})" if causes else ""
    return f"{affected.config}  {affected.change}, {affected.impact}{keys}{through}"


def _first(names: list[str], count: int, more: int = 0) -> str:
    """The first names, and how many there are besides; ``more`` are not in the list."""
    left = max(0, len(names) - count) + more
    rest = f" and {left} more" if left else ""
    return ", ".join(names[:count]) + rest


def _section(console: Console, title: str, lines: list[str]) -> None:
    console.print(Text(title, style="bold"))
    for line in lines[:LINES]:
        _print(f"  {line}", console)
    if len(lines) > LINES:
        console.print(Text(f"  … and {len(lines) - LINES} more (--format json shows all)"))
