"""Renders findings as text, JSON, SARIF 2.1.0, or annotations of GitHub runners."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from bot.lint.lint import LintReport
from bot.text.escape import annotation, visible
from compress.doctor.rules import RULES
from core.finding import Finding
from core.installation import installed

LEVELS = {"error": "error", "warning": "warning", "note": "notice"}
DOCUMENTATION = "docs/rules"


def render_text(report: LintReport) -> str:
    """One line for each finding, in the format of compilers, and a summary."""
    lines = [
        f"{_place(finding)}: {finding.severity} {finding.code}: {visible(finding.message)}"
        for finding in report.findings
    ]
    lines += [
        f"{_place(finding)}: fixed {finding.code}: {visible(finding.message)}"
        for finding in report.fixed
    ]
    fixable = sum(bool(finding.edits) for finding in report.findings)
    summary = _count(len(report.findings), "finding", "findings")
    summary += f"; {_count(report.checked, 'recipe or manifest', 'recipes and manifests')} checked"
    if report.passed_over:
        summary += f", {_count(report.passed_over, 'other file', 'other files')} skipped"
    if report.fixed:
        summary += f", {len(report.fixed)} fixed"
    if fixable:
        summary += f"; {fixable} can be fixed with --fix"
    if report.findings:
        summary += f"\nslimgate explain {report.findings[0].code} says more"
    return "\n".join([*lines, summary])


def _count(number: int, singular: str, plural: str) -> str:
    return f"{number} {singular if number == 1 else plural}"


def render_json(report: LintReport) -> str:
    """An object with ``findings``, ``fixed`` and ``checked``."""
    return json.dumps(
        {
            "schema": "slimgate.lint/1",
            "checked": report.checked,
            "findings": [finding.model_dump() for finding in report.findings],
            "fixed": [finding.model_dump() for finding in report.fixed],
        },
        indent=1,
    )


def render_sarif(report: LintReport) -> str:
    """A SARIF document, for GitHub's code scanning and other readers."""
    driver = {
        "name": "slimgate",
        "version": installed("slimgate") or "0",
        "rules": [
            {
                "id": rule.code,
                "name": rule.name,
                "shortDescription": {"text": rule.title},
                "fullDescription": {"text": rule.why},
                "help": {"text": rule.remedy},
            }
            for rule in RULES
        ],
    }
    results = [_sarif_result(finding) for finding in report.findings]
    tool = {"driver": driver}
    run = {"tool": tool, "columnKind": "unicodeCodePoints", "results": results}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=1)


def _sarif_result(finding: Finding) -> dict[str, Any]:
    region = {"startLine": finding.line or 1, "startColumn": finding.column or 1}
    place = {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}
    return {
        "ruleId": finding.code,
        "level": finding.severity,
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": place}],
    }


def _uri(file: str) -> str:
    """A path as a URI: code scanning takes ``#`` and ``%`` for something else."""
    return quote(file.encode("utf-8", "surrogateescape"))


def render_github(report: LintReport) -> str:
    """Workflow commands that become annotations, escaped as GitHub requires."""
    return "\n".join(
        annotation(
            LEVELS[finding.severity],
            finding.message,
            file=finding.file,
            line=finding.line or 1,
            col=finding.column or 1,
            title=finding.code,
        )
        for finding in report.findings
    )


def _place(finding: Finding) -> str:
    numbers = [str(n) for n in (finding.line, finding.column) if n is not None]
    return ":".join([visible(finding.file), *numbers])


RENDERERS: dict[str, Callable[[LintReport], str]] = {
    "text": render_text,
    "json": render_json,
    "sarif": render_sarif,
    "github": render_github,
}
