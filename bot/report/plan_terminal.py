"""A plan on a terminal: what is affected, what runs and what does not."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from bench.job import Job
from bot.plan.values import Affected, Plan
from bot.report.key_changes import key_changes
from bot.text.lists import first_of
from bot.text.progress import print_line

LINES = 30


def print_plan(plan: Plan, console: Console) -> None:
    """Prints what is affected, why, what runs and what does not; long lists are cut."""
    print_line(f"{plan.suite}: {plan.base[:12]}..{plan.head[:12]}", console, "bold")
    count = len(plan.affected)
    configs = f"{count} config{'' if count == 1 else 's'} affected"
    _section(console, configs, [_affected(a) for a in plan.affected])
    changes = key_changes(plan.affected)
    if changes:
        count = len(changes)
        _section(console, f"{count} key{'' if count == 1 else 's'} changed", changes)
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
        [f"{reason}: {first_of(names, 3)}" for reason, names in by_reason.items()],
    )


def _job(job: Job) -> str:
    unless = ", unless its program is the same" if job.only_by_code else ""
    return f"{job.id}  because of {', '.join(job.because)}{unless}"


def _affected(affected: Affected) -> str:
    keys = f": {first_of(list(affected.keys), 4, affected.more_keys)}" if affected.keys else ""
    causes = [str(reason) for reason in affected.reasons if reason.changed != affected.config]
    through = f"  (through {first_of(causes, 3, affected.more_reasons)})" if causes else ""
    return f"{affected.config}  {affected.change}, {affected.impact}{keys}{through}"


def _section(console: Console, title: str, lines: list[str]) -> None:
    console.print(Text(title, style="bold"))
    for line in lines[:LINES]:
        print_line(f"  {line}", console)
    if len(lines) > LINES:
        console.print(Text(f"  … and {len(lines) - LINES} more (--format json shows all)"))
