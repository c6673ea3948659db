"""Lints and fixes copies of every recipe that the suites ship, and looks at what was changed.

``python -m examples.check_lint PADDLESEG PADDLEDETECTION PADDLESLIM [REVISION]`` takes
repositories, bare ones too. It prints each finding as ``FILE:LINE: CODE``, to be compared with
those of another version, and then how many files ``--fix`` changed, how many of them can no longer
be read, have a finding that they did not have, or differ outside of the tokens that were named.
Returns 1 if any do.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.lint.lint import SUFFIXES, lint_files
from compress.doctor.nodes import Token, scalar_tokens
from compress.doctor.text import load_text
from core.errors import InputError
from core.finding import Finding
from core.git import open_repo

FOLDERS = (
    ("PaddleSeg", "deploy/slim/act/configs"),
    ("PaddleDetection", "deploy/auto_compression/configs"),
    ("PaddleSlim", "example/auto_compression"),
)


@dataclass(frozen=True)
class Outcome:
    """What a fix did to one file. ``tokens`` is the number of scalars that differ."""

    name: str
    fixed: tuple[Finding, ...]
    tokens: int
    unreadable: bool
    new: Counter[tuple[str, int | None]]
    outside: bool

    @property
    def harmed(self) -> bool:
        """Whether the file is worse than it was, or differs where it must not."""
        return self.unreadable or bool(self.new) or self.outside


def main(arguments: list[str]) -> int:
    """Prints findings and figures; returns 1 if a fix did harm."""
    repositories, revision = arguments[:3], (arguments[3:] or ["HEAD"])[0]
    with tempfile.TemporaryDirectory() as folder:
        for (suite, recipes), repository in zip(FOLDERS, repositories, strict=True):
            copy_files(Path(repository), revision, recipes, Path(folder) / suite)
        report = lint_files([Path(folder)], None, fix=False)
        for finding in report.findings:
            print(f"{Path(finding.file).relative_to(folder)}:{finding.line}: {finding.code}")
        outcomes = [outcome(path, Path(folder)) for path in sorted(_yaml_files(Path(folder)))]
    print(f"{report.checked} recipes, {report.passed_over} other files")
    print(_counted("findings", Counter(finding.code for finding in report.findings)))
    print(_counted("fixed", Counter(f.code for result in outcomes for f in result.fixed)))
    return _judge(outcomes)


def _judge(outcomes: list[Outcome]) -> int:
    changed = [result for result in outcomes if result.fixed]
    for result in outcomes:
        if result.harmed:
            print(f"HARMED {result.name}: {result}")
    print(
        f"{len(changed)} files changed in {sum(result.tokens for result in changed)} tokens; "
        f"{sum(result.unreadable for result in outcomes)} unreadable, "
        f"{sum(bool(result.new) for result in outcomes)} with a new finding, "
        f"{sum(result.outside for result in outcomes)} different elsewhere"
    )
    return min(1, sum(result.harmed for result in outcomes))


def copy_files(repository: Path, revision: str, folder: str, target: Path) -> None:
    """Writes the YAML files of a repository's folder below ``target``."""
    repo = open_repo(repository)
    files = repo.tree(repo.resolve(revision))
    wanted = {
        path: entry.blob
        for path, entry in files.items()
        if path.startswith(f"{folder}/") and path.endswith(SUFFIXES)
    }
    blobs = dict(repo.read(set(wanted.values())))
    for path, blob in wanted.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(blobs[blob] or b"")


def outcome(path: Path, root: Path) -> Outcome:
    """Fixes a copy of one file, alone in a folder, and compares it with the file."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(path.read_bytes())
        before = lint_files([copy.parent], None, fix=False).findings
        fixed = lint_files([copy.parent], None, fix=True).fixed
        after = lint_files([copy.parent], None, fix=False).findings
        old, new = path.read_bytes(), copy.read_bytes()
        same = old == new
        return Outcome(
            name=str(path.relative_to(root)),
            fixed=fixed,
            tokens=0 if same else _differing(old.decode(), new.decode()),
            unreadable=not same and not _readable(copy),
            new=_places(after) - _places(before),
            outside=not same and _outside(old.decode()) != _outside(new.decode()),
        )


def _readable(path: Path) -> bool:
    try:
        load_text(path)
    except InputError:
        return False
    return True


def _places(findings: tuple[Finding, ...]) -> Counter[tuple[str, int | None]]:
    return Counter((finding.code, finding.line) for finding in findings)


def _scalars(text: str) -> list[str]:
    return [text[token.start : token.end] for token in _tokens(text)]


def _tokens(text: str) -> list[Token]:
    return sorted(scalar_tokens(text).values(), key=lambda token: token.start)


def _differing(old: str, new: str) -> int:
    return sum(one != other for one, other in zip(_scalars(old), _scalars(new), strict=True))


def _outside(text: str) -> list[str]:
    """Everything around the scalars."""
    tokens = _tokens(text)
    ends = [0, *(token.end for token in tokens)]
    starts = [*(token.start for token in tokens), len(text)]
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


def _yaml_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.suffix in SUFFIXES)


def _counted(what: str, codes: Counter[str]) -> str:
    inner = ", ".join(f"{code} {number}" for code, number in sorted(codes.items()))
    return f"{codes.total()} {what}: {inner or 'none'}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
