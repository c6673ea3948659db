"""Lints files: recipes by the doctor's rules, manifests by their schema."""

from __future__ import annotations

import re
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
from core.safe_yaml import MAX_BYTES, parse_mapping
from core.schema import validate, write_text

SUFFIXES = (".yml", ".yaml")
FIRST_WORD = re.compile(r"^([A-Za-z][A-Za-z0-9_]{0,40})[ \t]*:", re.MULTILINE)
MAX_WORDS = 200
"""So many keys of an unreadable file are looked at."""
RECIPE_MARKS = 0.5
"""A file is a recipe if at least this share of its top-level keys look like ACT's."""
TELLING = frozenset(SECTIONS) - {"Global"}
FIELDS = frozenset(key for name in TELLING for key in SECTIONS[name].model_fields)
MANIFESTS = "slimgate."
"""How the schema of a manifest begins."""


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

    A file in ``paths`` is always checked; in folders, only files that look like recipes are. A file
    is checked once, however often it is named.
    """
    graph = graph_facts(model) if model is not None else None
    findings: list[Finding] = []
    fixed: list[Finding] = []
    checked = passed_over = 0
    for path, explicit in _once(list(_yaml_files(paths))):
        source = _load(path, explicit)
        if source is None:
            passed_over += 1
        elif isinstance(source, Finding):
            findings.append(source)
            checked += explicit
        elif is_manifest(source):
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


def is_manifest(source: YamlText) -> bool:
    """Whether the file says so by its schema, or has a schema of another form and mostly keys of a
    manifest. Other files have a key of this name, too.
    """
    schema = source.data.get("schema")
    others = source.data.keys() - {"schema"}
    like = others & {field.alias or name for name, field in Manifest.model_fields.items()}
    likely = bool(like) and len(like) / len(others) >= RECIPE_MARKS
    return "schema" in source.data and (str(schema).startswith(MANIFESTS) or likely)


def _names_a_section(path: Path) -> bool:
    """Whether a file that is no plain YAML has a line that begins as a section of a recipe does.
    There are many kinds of YAML in which a recipe cannot be written.
    """
    with path.open("rb") as stream:
        text = stream.read(MAX_BYTES).decode("utf-8", "replace")
    words = dict.fromkeys(match.group(1) for match in FIRST_WORD.finditer(text))
    return any(w in TELLING or certain_section(w, None, ()) for w in list(words)[:MAX_WORDS])


def _lint_recipe(
    path: Path, source: YamlText, graph: GraphFacts | None, fix: bool
) -> tuple[list[Finding], list[Finding]]:
    subject = Subject(source, graph=graph)
    if not fix:
        return diagnose(subject), []
    text, corrected = fixed_text(subject)
    if corrected:
        try:
            _rewrite(path, text)
        except InputError as error:
            return [_unfixed(finding, error.message) for finding in diagnose(subject)], []
    return diagnose(Subject(parse_text(text, source.file), graph=graph)), corrected


def _unfixed(finding: Finding, reason: str) -> Finding:
    """A finding of a file that cannot be written."""
    if not finding.edits:
        return finding
    message = f"{finding.message} (not fixed: the file {reason})"
    return finding.model_copy(update={"message": message, "edits": (), "fix": None})


def _rewrite(path: Path, text: str) -> None:
    """Writes the file that a link leads to, and keeps its permissions."""
    target = path.resolve()
    mode = stat.S_IMODE(target.stat().st_mode)
    write_text(target, text)
    target.chmod(mode)


def _load(path: Path, explicit: bool) -> YamlText | Finding | None:
    """The file's YAML, or a finding: an error if it cannot be read, a warning if not a mapping.
    None for a file of a folder that is YAML of another kind.
    """
    try:
        return load_text(path)
    except InputError as error:
        if not path.exists():
            raise
        other = error.code != "input" or path.stat().st_size > MAX_BYTES
        if not explicit and other and not _names_a_section(path):
            return None
        severity: Severity = "warning" if error.code == "not-a-mapping" else "error"
        message = error.message + (f" ({error.hint})" if error.hint else "")
        line, column = error.place or (None, None)
        return Finding(
            code="SG100",
            severity=severity,
            message=message,
            file=str(path),
            line=line,
            column=column,
            key=error.key,
        )


def _check_manifest(source: YamlText) -> list[Finding]:
    """What ``load_manifest`` would refuse first."""
    try:
        validate(Manifest, parse_mapping(source.text, source.file, unique_keys=True), source.file)
    except InputError as error:
        where = tuple(int(p) if p.isdigit() else p for p in (error.key or "").split(".") if p)
        span = source.key_span(where) or source.key_span(where[:1])
        line, column = error.place or ((span.line, span.column) if span else (None, None))
        near = f"; did you mean {error.nearest}?" if error.nearest else ""
        choices = f"; valid are {', '.join(error.choices)}" if error.choices else ""
        return [
            Finding(
                code="SG120",
                severity="error",
                message=f"{error.message}: {error.key}{near}{choices}",
                file=source.file,
                line=line,
                column=column,
                key=error.key,
            )
        ]
    return []


def _once(files: list[tuple[Path, bool]]) -> Iterator[tuple[Path, bool]]:
    """Each file under its first name, explicit if any of its names is."""
    named = {path.resolve() for path, explicit in files if explicit}
    paths: dict[Path, Path] = {}
    for path, _ in files:
        paths.setdefault(path.resolve(), path)
    return ((path, resolved in named) for resolved, path in paths.items())


def _yaml_files(paths: list[Path]) -> Iterator[tuple[Path, bool]]:
    """Every YAML file, and whether ``paths`` names the file itself."""
    for path in paths:
        if is_folder(path):
            files = sorted(
                p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file()
            )
            yield from ((file, False) for file in files)
        elif is_file(path):
            yield path, True
        else:
            raise InputError(
                "no such file",
                file=str(path),
                hint="give the path of a recipe or manifest, or of a folder",
            )
