"""The report on a terminal: the verdict, a table, and the next step."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from bot.report import programs, table
from bot.report.report import Report
from bot.text.lists import first_of
from bot.text.progress import plain_text, print_line

COLOURS = {"success": "green", "failure": "red", "action_required": "yellow", "neutral": "cyan"}


def print_report(report: Report, console: Console) -> None:
    """Prints a summary; the report's files hold everything."""
    colour = COLOURS[report.conclusion]
    print_line(report.headline, console, f"bold {colour}")
    if report.cases:
        console.print(_grid(report))
    for group in programs.group_programs(report.programs):
        print_line(f"{group.title}: {first_of(list(group.configs), 3)}", console)
        for line in (group.reason, *group.lines):
            if line:
                print_line(f"  {line}", console)
    for case in report.cases:
        if case.conclusion != "success":
            print_line(f"{case.label}: {case.headline}", console)
    if report.conclusion != "success":
        print_line(f"Next: {report.next_step}", console)


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
