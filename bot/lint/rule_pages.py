"""Writes the page of every rule: ``python -m bot.lint.rule_pages docs/rules``."""

from __future__ import annotations

import sys
from pathlib import Path

from compress.doctor.diagnose import explained
from compress.doctor.rules import RULES
from core.schema import write_text


def write_pages(folder: Path) -> None:
    """Writes a page for each rule and an index; removes the pages of rules that no longer exist."""
    for old in folder.glob("SG*.md"):
        old.unlink()
    for rule in RULES:
        write_text(folder / f"{rule.code}.md", "\n".join(explained(rule)) + "\n")
    rows = [f"| [{r.code}]({r.code}.md) | {r.severity} | {r.stage} | {r.title} |" for r in RULES]
    head = ["# Rules", "", "| code | severity | known from | finds |", "|---|---|---|---|"]
    write_text(folder / "README.md", "\n".join([*head, *rows]) + "\n")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
