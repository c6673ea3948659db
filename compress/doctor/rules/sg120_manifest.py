"""A manifest that does not fit its schema. Found while reading."""

from __future__ import annotations

from compress.doctor.rule import Example, Rule, found_by_reader

RULE = Rule(
    code="SG120",
    name="manifest",
    severity="error",
    stage="text",
    title="A manifest that does not fit its schema",
    why=(
        "The manifest decides which models are compressed and how far accuracy may fall. A "
        "key that is not known, a path outside the suite or a limit that is no number stops "
        "every run, rather than letting a gate pass that was meant to hold."
    ),
    remedy="docs/manifest.md describes every key.",
    check=found_by_reader,
    example=Example(
        bad=(
            "schema: slimgate.manifest/1\nsuite: mine\ndialect: paddleseg\nconfig_root: [configs]\n"
        ),
        good=(
            "schema: slimgate.manifest/1\nsuite: mine\ndialect: paddleseg\n"
            "config_roots: [configs]\n"
        ),
    ),
)
