"""The files that ``slimgate init`` writes into a suite: two workflows and a manifest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.text.templates import template_environment
from compress.manifest import bundled_suites
from compress.suites import SUITES, find_suite
from core.errors import InputError
from core.files import is_file, read_file
from core.installation import shipped
from core.schema import write_text

MAX_CONFIG_BYTES = 2**24
MANIFEST = ".github/slimgate.yml"
WORKFLOWS = ".github/workflows"
_PINNED = re.compile(r"uses: \S+/\.github/workflows/slimgate\.yml@\S+")
_USES = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+@[0-9a-f]{40}")


@dataclass(frozen=True)
class Installation:
    """What to install. ``uses``: ``OWNER/NAME@COMMIT`` of slimgate. ``bundled``: a manifest that
    ships with slimgate, None to write one into the suite. ``dialect``: None to detect it.
    """

    uses: str
    bundled: str | None = None
    dialect: str | None = None


def suite_files(root: Path, installation: Installation) -> dict[str, str]:
    """The text of each file by its path below ``root``, whose dialect and folders are detected;
    raises InputError.
    """
    if not _USES.fullmatch(installation.uses):
        raise InputError(
            f"not a commit of slimgate: {installation.uses!r}",
            key="--slimgate",
            hint="write OWNER/NAME@COMMIT with all 40 digits of the commit, as printed by git "
            "rev-parse HEAD in slimgate's checkout; a branch or a tag could be moved later",
        )
    if installation.bundled is not None and installation.bundled not in bundled_suites():
        raise InputError(
            f"no manifest named {installation.bundled!r} ships with slimgate",
            key="--bundled",
            given=installation.bundled,
            choices=tuple(bundled_suites()),
            hint="give one of these names, or leave the option out to write a manifest of your own",
        )
    suite = installation.bundled or MANIFEST
    files = {
        f"{WORKFLOWS}/{path.name}": _caller(
            path.read_text(encoding="utf-8"), installation.uses, suite
        )
        for path in sorted((shipped("configs") / "workflows").glob("*.yml"))
    }
    return (
        files
        if installation.bundled
        else {**files, MANIFEST: _manifest(root, installation.dialect)}
    )


def write_suite_files(root: Path, files: dict[str, str]) -> list[str]:
    """Writes files that do not exist yet, and updates workflows that differ only in slimgate's
    commit; an existing manifest is kept. Returns the paths written. Raises InputError, before
    anything is written, if a workflow exists with other content, or if a link is on the way.
    """
    for path in files:
        _refuse_links(root, path)
    present = {path: _read(root / path) for path in files if (root / path).exists()}
    foreign = [p for p, text in present.items() if p != MANIFEST and not _same(text, files[p])]
    if foreign:
        raise InputError(
            "the workflow already exists with other content",
            file=", ".join(foreign),
            hint="put the new commit into its uses: line by hand, or move the file away",
        )
    new = [p for p in files if p not in present or (p != MANIFEST and present[p] != files[p])]
    for path in new:
        write_text(root / path, files[path])
    return new


def _refuse_links(root: Path, path: str) -> None:
    """A link may lead out of the suite, and GitHub follows none to a workflow."""
    parts = Path(path).parts
    for step in (root.joinpath(*parts[: n + 1]) for n in range(len(parts))):
        if step.is_symlink():
            raise InputError("a symbolic link is in the way", file=str(step), hint="move it away")


def _read(path: Path) -> str:
    try:
        if not path.is_file():  # a pipe would be waited for
            raise OSError
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("the file cannot be read", file=str(path), hint="move it away") from error


def _same(first: str, second: str) -> bool:
    """Whether two workflows differ at most in the commit of slimgate."""
    return _PINNED.sub("", first) == _PINNED.sub("", second)


def _caller(text: str, uses: str, suite: str) -> str:
    repository, _, commit = uses.partition("@")
    workflow = f"{repository}/{WORKFLOWS}/slimgate.yml@{commit}"
    text = re.sub(r"uses: OWNER/\S+", f"uses: {workflow}", text)
    return text.replace(f"suite: {MANIFEST}", f"suite: {suite}")


def _manifest(root: Path, dialect: str | None) -> str:
    dialect = dialect or _find_dialect(root)
    folders = find_suite(dialect).recipe_folders
    recipes = [folder for folder in folders if (root / folder).is_dir()]
    if not (root / "configs").is_dir():
        raise InputError(
            "the folder configs is missing",
            file=str(root),
            hint="give the root of a suite as --repo",
        )
    environment = template_environment(autoescape=False)
    return environment.get_template("manifest.yml.j2").render(
        suite=re.sub(r"[^A-Za-z0-9._-]", "-", root.resolve().name),
        dialect=dialect,
        config_roots=["configs"],
        recipe_roots=recipes,
    )


def _find_dialect(root: Path) -> str:
    """The dialect, detected by the suite's packages, else by the key for bases in its configs."""
    for name, suite in SUITES.items():
        if any((root / package).is_dir() for package in suite.dialect.code):
            return name
    paths = filter(is_file, (root / "configs").rglob("*.yml"))
    configs = [read_file(path, MAX_CONFIG_BYTES).decode(errors="replace") for path in paths]
    counts = {
        name: sum(f"{suite.dialect.base_key}:" in text for text in configs)
        for name, suite in SUITES.items()
    }
    best = max(counts, key=lambda name: counts[name])
    if not counts[best]:
        raise InputError(
            "the dialect of this suite cannot be detected from its packages or configs",
            file=str(root),
            key="--dialect",
            choices=tuple(SUITES),
            hint="give the dialect in which its configs are written",
        )
    return best
