"""Checks a subject with every rule whose facts are known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from compress.doctor.rule import Problem, Rule, Stage, Subject, subject_of
from compress.doctor.rules import RULES
from compress.doctor.text import apply_edits, parse_text
from core.finding import Finding

IGNORE = re.compile(r"#.*\bslimgate:\s*ignore(?:\[([A-Z0-9, ]*)\])?")
MAX_FIXES = 10


def diagnose(subject: Subject, rules: Iterable[Rule] = RULES) -> list[Finding]:
    """All findings in the order of the file, without those that a comment on their line ignores."""
    lines = subject.recipe.text.split("\n")
    findings = [
        _finding(subject, rule, problem)
        for rule in rules
        if _knows(subject, rule.stage)
        for problem in rule.check(subject)
    ]
    visible = [finding for finding in findings if not _ignored(finding, lines)]
    return sorted(
        visible, key=lambda finding: (finding.line or 0, finding.column or 0, finding.code)
    )


def fixed_text(subject: Subject) -> tuple[str, list[Finding]]:
    """The text with every safe fix, and the findings that were fixed. A fix may uncover another
    finding, so this is repeated until nothing changes, ten times at most.
    """
    fixes: list[Finding] = []
    for _ in range(MAX_FIXES):
        fixable = [finding for finding in diagnose(subject) if finding.edits]
        text = apply_edits(
            subject.recipe.text, [edit for finding in fixable for edit in finding.edits]
        )
        if text == subject.recipe.text:
            break
        fixes += fixable
        subject = replace(subject, recipe=parse_text(text, subject.recipe.file))
    return subject.recipe.text, fixes


def _knows(subject: Subject, stage: Stage) -> bool:
    parts = {
        "text": subject.recipe,
        "graph": subject.graph,
        "target": subject.target,
        "data": subject.data,
        "result": subject.result,
        "failure": subject.failure,
    }
    return parts[stage] is not None


def _finding(subject: Subject, rule: Rule, problem: Problem) -> Finding:
    span = subject.recipe.key_span(problem.where) if problem.where else None
    return Finding(
        code=rule.code,
        severity=rule.severity,
        message=problem.message,
        file=subject.recipe.file,
        line=span.line if span else None,
        column=span.column if span else None,
        key=".".join(map(str, problem.where)) or None,
        fix=_fixed_line(subject, problem, span.line) if span else None,
        edits=problem.edits,
    )


def _fixed_line(subject: Subject, problem: Problem, line: int) -> str | None:
    """The finding's line after the fix, None if the fix changes any other line."""
    before = subject.recipe.text.split("\n")
    after = apply_edits(subject.recipe.text, list(problem.edits)).split("\n")
    if len(before) != len(after):
        return None
    differing = [
        number
        for number, pair in enumerate(zip(before, after, strict=True), 1)
        if pair[0] != pair[1]
    ]
    return after[line - 1] if differing == [line] else None


def _ignored(finding: Finding, lines: list[str]) -> bool:
    if finding.line is None or finding.line > len(lines):
        return False
    match = IGNORE.search(lines[finding.line - 1])
    if match is None:
        return False
    codes = match.group(1)
    return codes is None or finding.code in re.split(r"[,\s]+", codes)


def explained(rule: Rule) -> Iterator[str]:
    """The rule's page as Markdown lines."""
    yield f"# {rule.code}: {rule.title}"
    yield ""
    yield f"`{rule.name}` · {rule.severity} · known from the {KNOWN_FROM[rule.stage]}"
    yield ""
    yield from (rule.why, "", f"**What to do.** {rule.remedy}", "")
    if rule.example.bad != rule.example.good:
        yield from ("Wrong:", "", *_fenced(rule.example.bad), "")
        yield from ("Right:", "", *_fenced(rule.example.good), "")
        yield f"A comment `# slimgate: ignore[{rule.code}]` on the line silences it."
    else:
        findings = diagnose(subject_of(rule.example.bad, rule.example.bad_facts), (rule,))
        yield from (
            "In a report, for instance:",
            "",
            *(f"> {finding.message}" for finding in findings),
        )


KNOWN_FROM = {
    "text": "recipe alone",
    "graph": "recipe and the exported graph",
    "target": "recipe and the target of the deployment",
    "data": "recipe and the data",
    "result": "results of a run",
    "failure": "failure that stopped a run",
}


def _fenced(text: str) -> tuple[str, ...]:
    return ("```yaml", *text.strip("\n").split("\n"), "```")
