"""Findings as text, JSON, SARIF 2.1.0 and as annotations of GitHub's runners."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.lint.lint import LintReport
from bot.text.escape import visible
from compress.doctor.rules import RULES
from core.finding import Finding
from core.installation import installed

LEVELS = {"error": "error", "warning": "warning", "note": "notice"}
DOCUMENTATION = "docs/rules"


def render_text(report: LintReport) -> str:
    """One line for each finding, as compilers write them, and a summary."""
    lines = [
        f"{_place(one)}: {one.severity} {one.code}: {visible(one.message)}"
        for one in report.findings
    ]
    lines += [f"{_place(one)}: fixed {one.code}: {visible(one.message)}" for one in report.fixed]
    fixable = sum(bool(one.edits) for one in report.findings)
    count = len(report.findings)
    summary = f"{count} {'finding' if count == 1 else 'findings'}"
    summary += f"; {report.checked} recipes and manifests looked at"
    if report.passed_over:
        summary += f", {report.passed_over} other files passed over"
    if report.fixed:
        summary += f", {len(report.fixed)} fixed"
    if fixable:
        summary += f"; {fixable} can be fixed with --fix"
    if report.findings:
        summary += f"\nslimgate explain {report.findings[0].code} says more"
    return "\n".join([*lines, summary])


def render_json(report: LintReport) -> str:
    """An object with ``findings``, ``fixed`` and ``checked``."""
    return json.dumps(
        {
            "schema": "slimgate.lint/1",
            "checked": report.checked,
            "findings": [one.model_dump() for one in report.findings],
            "fixed": [one.model_dump() for one in report.fixed],
        },
        indent=1,
    )


def render_sarif(report: LintReport) -> str:
    """For GitHub's code scanning and other readers of SARIF."""
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
    run = {"tool": {"driver": driver}, "results": [_sarif_result(one) for one in report.findings]}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=1)


def _sarif_result(one: Finding) -> dict[str, Any]:
    region = {"startLine": one.line or 1, "startColumn": one.column or 1}
    place = {"artifactLocation": {"uri": one.file}, "region": region}
    return {
        "ruleId": one.code,
        "level": one.severity,
        "message": {"text": one.message},
        "locations": [{"physicalLocation": place}],
    }


def render_github(report: LintReport) -> str:
    """Workflow commands that become annotations; what they say is escaped as GitHub wants it."""
    return "\n".join(
        f"::{LEVELS[one.severity]} file={_property(one.file)},line={one.line or 1},"
        f"col={one.column or 1},title={one.code}::{_data(visible(one.message))}"
        for one in report.findings
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")


def _place(one: Finding) -> str:
    numbers = [str(n) for n in (one.line, one.column) if n is not None]
    return ":".join([visible(one.file), *numbers])


RENDERERS: dict[str, Callable[[LintReport], str]] = {
    "text": render_text,
    "json": render_json,
    "sarif": render_sarif,
    "github": render_github,
}
