"""The files that a suite needs: two workflows and a manifest, for ``slimgate init``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.text.templates import template_environment
from compress.manifest import bundled_suites
from compress.suites import SUITES, find_suite
from core.errors import InputError
from core.installation import shipped
from core.schema import write_text

MANIFEST = ".github/slimgate.yml"
WORKFLOWS = ".github/workflows"
_PINNED = re.compile(r"uses: \S+/\.github/workflows/slimgate\.yml@\S+")
_USES = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+@[0-9a-f]{40}")


@dataclass(frozen=True)
class Installation:
    """What is wanted: ``uses`` is ``OWNER/NAME@COMMIT`` of slimgate; ``bundled`` is a manifest that
    ships with it, None for one of the suite's own; ``dialect`` None is found out.
    """

    uses: str
    bundled: str | None = None
    dialect: str | None = None


def suite_files(root: Path, wanted: Installation) -> dict[str, str]:
    """Text by path below ``root``, which is read to find its dialect and folders out; raises
    InputError.
    """
    if not _USES.fullmatch(wanted.uses):
        raise InputError(
            f"not a commit of slimgate: {wanted.uses!r}",
            key="--slimgate",
            hint="write OWNER/NAME@COMMIT, the commit with all 40 digits, as git rev-parse HEAD "
            "says in slimgate's checkout: a branch or a tag could be moved later",
        )
    if wanted.bundled is not None and wanted.bundled not in bundled_suites():
        raise InputError(
            f"no manifest of {wanted.bundled!r} ships with slimgate",
            key="--bundled",
            given=wanted.bundled,
            choices=tuple(bundled_suites()),
            hint="name one of these, or leave the option out for a manifest of your own",
        )
    suite = wanted.bundled or MANIFEST
    files = {
        f"{WORKFLOWS}/{path.name}": _caller(path.read_text(encoding="utf-8"), wanted.uses, suite)
        for path in sorted((shipped("configs") / "workflows").glob("*.yml"))
    }
    return files if wanted.bundled else {**files, MANIFEST: _manifest(root, wanted.dialect)}


def write_suite_files(root: Path, files: dict[str, str]) -> list[str]:
    """Writes what is not there yet, and moves workflows that differ in slimgate's commit alone to
    the new one; a manifest that is there is kept. Returns the paths written. Raises InputError
    before anything is written if a workflow is there with another content.
    """
    there = {path: _read(root / path) for path in files if (root / path).exists()}
    foreign = [p for p, text in there.items() if p != MANIFEST and not _same(text, files[p])]
    if foreign:
        raise InputError(
            "is there already, with another content",
            file=", ".join(foreign),
            hint="put the new commit into its uses: line by hand, or move it away",
        )
    new = [p for p in files if p not in there or (p != MANIFEST and there[p] != files[p])]
    for path in new:
        write_text(root / path, files[path])
    return new


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot be read", file=str(path), hint="move it away") from error


def _same(one: str, other: str) -> bool:
    """Whether two workflows are the same but for the commit of slimgate."""
    return _PINNED.sub("", one) == _PINNED.sub("", other)


def _caller(text: str, uses: str, suite: str) -> str:
    repository, _, commit = uses.partition("@")
    named = f"{repository}/{WORKFLOWS}/slimgate.yml@{commit}"
    text = re.sub(r"uses: OWNER/\S+", f"uses: {named}", text)
    return text.replace(f"suite: {MANIFEST}", f"suite: {suite}")


def _manifest(root: Path, dialect: str | None) -> str:
    dialect = dialect or _find_dialect(root)
    folders = find_suite(dialect).recipe_folders
    recipes = [folder for folder in folders if (root / folder).is_dir()]
    if not (root / "configs").is_dir():
        raise InputError("no folder configs", file=str(root), hint="give --repo, a suite's root")
    environment = template_environment(autoescape=False)
    return environment.get_template("manifest.yml.j2").render(
        suite=re.sub(r"[^A-Za-z0-9._-]", "-", root.resolve().name),
        dialect=dialect,
        config_roots=["configs"],
        recipe_roots=recipes,
    )


def _find_dialect(root: Path) -> str:
    """By the suite's packages, else by how its configs name their bases."""
    for name, suite in SUITES.items():
        if any((root / package).is_dir() for package in suite.dialect.code):
            return name
    configs = [path.read_text(errors="replace") for path in (root / "configs").rglob("*.yml")]
    counts = {
        name: sum(f"{suite.dialect.base_key}:" in text for text in configs)
        for name, suite in SUITES.items()
    }
    best = max(counts, key=lambda name: counts[name])
    if not counts[best]:
        raise InputError(
            "neither packages nor configs tell the dialect of this suite",
            file=str(root),
            key="--dialect",
            choices=tuple(SUITES),
            hint="say which suite's its configs are like",
        )
    return best
