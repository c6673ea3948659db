"""Lints files: recipes by the doctor's rules, manifests by their schema."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from compress.artifacts.inspection import graph_facts
from compress.doctor.diagnose import diagnose, fixed_text
from compress.doctor.facts import GraphFacts
from compress.doctor.rule import Subject
from compress.doctor.text import YamlText, load_text, parse_text
from compress.manifest import Manifest
from compress.recipes.act import METHOD_SECTIONS, SECTIONS
from compress.recipes.slips import certain_section, meant_sections
from core.errors import InputError
from core.files import is_file, is_folder
from core.finding import Finding, Severity
from core.schema import validate, write_text

SUFFIXES = (".yml", ".yaml")
RECIPE_MARKS = 0.5
"""A file is a recipe if at least this share of its top-level keys look like ACT's."""
TELLING = frozenset(SECTIONS) - {"Global"}
FIELDS = frozenset(key for name in TELLING for key in SECTIONS[name].model_fields)


@dataclass(frozen=True)
class LintReport:
    """``checked`` counts recipes and manifests, ``passed_over`` other YAML files. ``fixed`` are the
    findings that were corrected, ``findings`` those that remain.
    """

    findings: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    checked: int
    passed_over: int


def lint_files(paths: list[Path], model: Path | None, fix: bool) -> LintReport:
    """Checks every recipe and manifest; raises InputError for a path that does not exist.

    A file in ``paths`` is always checked; in folders, only files that look like recipes are.
    """
    graph = graph_facts(model) if model is not None else None
    findings: list[Finding] = []
    fixed: list[Finding] = []
    checked = passed_over = 0
    for path, explicit in _yaml_files(paths):
        source = _load(path)
        if isinstance(source, Finding):
            if explicit or source.severity == "error":
                findings.append(source)
            checked += explicit
        elif "schema" in source.data:
            findings += _check_manifest(source)
            checked += 1
        elif explicit or is_recipe(source):
            remaining, corrected = _lint_recipe(path, source, graph, fix)
            findings += remaining
            fixed += corrected
            checked += 1
        else:
            passed_over += 1
    return LintReport(tuple(findings), tuple(fixed), checked, passed_over)


def is_recipe(source: YamlText) -> bool:
    """Whether the file looks like a recipe: most of its keys are sections of ACT or their keys,
    perhaps misspelt or at the wrong level, and at least one is a section beside ``Global``.
    """
    keys = list(source.data)
    inside = source.data.get("Global")
    if isinstance(inside, dict) and any(name in inside for name in METHOD_SECTIONS):
        return True
    like = [key for key in keys if meant_sections(key) or key in SECTIONS or key in FIELDS]
    telling = [key for key in keys if key in TELLING or certain_section(key, None, ())]
    return bool(telling) and len(like) / len(keys) >= RECIPE_MARKS


def _lint_recipe(
    path: Path, source: YamlText, graph: GraphFacts | None, fix: bool
) -> tuple[list[Finding], list[Finding]]:
    subject = Subject(source, graph=graph)
    if not fix:
        return diagnose(subject), []
    text, corrected = fixed_text(subject)
    if corrected:
        _rewrite(path, text)
    return diagnose(Subject(parse_text(text, source.file), graph=graph)), corrected


def _rewrite(path: Path, text: str) -> None:
    """Writes the file that a link leads to, and keeps its permissions."""
    target = path.resolve()
    mode = stat.S_IMODE(target.stat().st_mode)
    write_text(target, text)
    target.chmod(mode)


def _load(path: Path) -> YamlText | Finding:
    """The file's YAML, or a finding: an error if it cannot be read, a warning if not a mapping."""
    try:
        return load_text(path)
    except InputError as error:
        if not path.exists():
            raise
        severity: Severity = "warning" if error.code == "not-a-mapping" else "error"
        message = error.message + (f" ({error.hint})" if error.hint else "")
        return Finding(code="SG100", severity=severity, message=message, file=str(path))


def _check_manifest(source: YamlText) -> list[Finding]:
    try:
        validate(Manifest, source.data, source.file)
    except InputError as error:
        where = tuple(int(p) if p.isdigit() else p for p in (error.key or "").split(".") if p)
        span = source.key_span(where) or source.key_span(where[:1])
        near = f"; did you mean {error.nearest}?" if error.nearest else ""
        return [
            Finding(
                code="SG120",
                severity="error",
                message=f"{error.message}: {error.key}{near}",
                file=source.file,
                line=span.line if span else None,
                column=span.column if span else None,
                key=error.key,
            )
        ]
    return []


def _yaml_files(paths: list[Path]) -> Iterator[tuple[Path, bool]]:
    """Every YAML file, and whether ``paths`` names the file itself."""
    for path in paths:
        if is_folder(path):
            files = sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES and p.is_file())
            yield from ((file, False) for file in files)
        elif is_file(path):
            yield path, True
        else:
            raise InputError(
                "no such file",
                file=str(path),
                hint="give the path of a recipe or manifest, or of a folder",
            )
