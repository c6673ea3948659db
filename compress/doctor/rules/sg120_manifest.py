"""A manifest that does not fit its schema. The reader reports it."""

from __future__ import annotations

from compress.doctor.rule import Example, Rule, found_by_reader
from compress.suites import SUITES

HEAD = f"schema: slimgate.manifest/1\nsuite: mine\ndialect: {next(iter(SUITES))}\n"

RULE = Rule(
    code="SG120",
    name="manifest",
    severity="error",
    stage="text",
    title="A manifest that does not fit its schema",
    why=(
        "The manifest decides which models are compressed and how far accuracy may fall. An "
        "unknown key, a path outside the suite or a limit that is not a number stops every run, "
        "so that no gate passes by mistake."
    ),
    remedy="docs/manifest.md describes every key.",
    check=found_by_reader,
    example=Example(
        bad=f"{HEAD}config_root: [configs]\n",
        good=f"{HEAD}config_roots: [configs]\n",
    ),
)
