"""Checks a subject with every rule whose facts are known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from compress.doctor.fixing import Found, only_good_fixes
from compress.doctor.meaning import read_as_meant
from compress.doctor.rule import Problem, Rule, Stage, Subject, subject_of
from compress.doctor.rules import RULES
from compress.doctor.text import Span, apply_edits, parse_text
from core.finding import Edit, Finding

IGNORE = re.compile(r"\bslimgate:\s*ignore(?:\[([A-Z0-9, ]*)\])?")
MAX_ROUNDS = 10
LONGEST_LINE = 1000
"""Longer lines are not shown as fixed, in characters: each finding on a line would repeat it."""


def diagnose(subject: Subject, rules: Iterable[Rule] = RULES) -> list[Finding]:
    """All findings in the order of the file, without those that a comment on their line ignores.
    Rules see the recipe as it was meant; edits were tried.
    """
    rules = tuple(rules)
    subject = replace(subject, recipe=read_as_meant(subject.recipe))
    lines = subject.recipe.text.split("\n")
    found = only_good_fixes(subject, lambda changed: _found(changed, rules))
    findings = [_finding(subject, rule, problem, lines) for rule, problem in found]
    return sorted(
        findings, key=lambda finding: (finding.line or 0, finding.column or 0, finding.code)
    )


def fixed_text(subject: Subject) -> tuple[str, list[Finding]]:
    """The text with every safe fix, and the findings that were fixed: those that are gone. A fix
    may make another one possible, so this is repeated until nothing changes, ten times at most.
    """
    fixes: list[Finding] = []
    for _ in range(MAX_ROUNDS):
        fixable = [finding for finding in diagnose(subject) if finding.edits]
        text = apply_edits(
            subject.recipe.text, [edit for finding in fixable for edit in finding.edits]
        )
        if text == subject.recipe.text:
            break
        fixes += fixable
        subject = replace(subject, recipe=parse_text(text, subject.recipe.file))
    return subject.recipe.text, fixes


def _found(subject: Subject, rules: tuple[Rule, ...]) -> list[Found]:
    """What is wrong with a recipe that was read as it was meant, and is not ignored."""
    lines = subject.recipe.text.split("\n")
    return [
        (rule, problem)
        for rule in rules
        if _knows(subject, rule.stage)
        for problem in rule.check(subject)
        if not _ignored(rule.code, subject.recipe.key_span(problem.where), lines)
    ]


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


def _finding(subject: Subject, rule: Rule, problem: Problem, lines: list[str]) -> Finding:
    span = subject.recipe.key_span(problem.where) if problem.where else None
    return Finding(
        code=rule.code,
        severity=rule.severity,
        message=problem.message,
        file=subject.recipe.file,
        line=span.line if span else None,
        column=span.column if span else None,
        key=".".join(map(str, subject.recipe.spelling(problem.where))) or None,
        fix=_fixed_line(subject.recipe.text, lines, problem.edits, span) if span else None,
        edits=problem.edits,
    )


def _fixed_line(text: str, lines: list[str], edits: tuple[Edit, ...], span: Span) -> str | None:
    """The finding's line after the fix, None if there is none, it changes any other line, or the
    line is very long.
    """
    line = lines[span.line - 1]
    start = text.rfind("\n", 0, span.start) + 1
    end = start + len(line)
    if (
        not edits
        or len(line) > LONGEST_LINE
        or not all(start <= edit.start and edit.end <= end for edit in edits)
    ):
        return None
    moved = [Edit(start=e.start - start, end=e.end - start, text=e.text) for e in edits]
    return apply_edits(line, moved).removesuffix("\r")


def _ignored(code: str, span: Span | None, lines: list[str]) -> bool:
    comment = lines[span.line - 1].partition("#")[2] if span else ""
    match = IGNORE.search(comment)
    if match is None:
        return False
    codes = match.group(1)
    return codes is None or code in re.split(r"[,\s]+", codes)


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
