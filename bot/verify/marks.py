"""Turns the marks of the docs by a record: ``make verified FILE=hardware.json``.

A mark names statements of ``configs/hardware.yml``: "not verified on hardware", and their ids in
parentheses, as code. What holds is kept in ``docs/verified.json``; ``docs/hardware.md`` shows it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable
from pathlib import Path

from bot.text.escape import escape_markdown
from bot.text.output import print_text
from bot.verify.observation import HardwareRecord
from bot.verify.statements import (
    Statement,
    Statements,
    Verifications,
    Verified,
    judge_statements,
    read_statements,
)
from core.errors import EXIT_GATE, EXIT_INPUT, EXIT_OK, InputError
from core.git import run_git
from core.schema import load_json, write_json, write_text

MARK = re.compile(
    r"\b(?:([Nn])ot v|([Vv]))erified on hardware \((`[a-z0-9-]+`(?:, `[a-z0-9-]+`)*)\)"
)
MENTION = re.compile(r"""verified[\s"]+on[\s"]+hardware""")
MARKED = ("*.md", "*.py", "*.yml")
APART = ("CHANGELOG.md", "tests", "bot/verify", "docs/hardware.md", "configs/hardware.yml")
"""Files and folders whose words are not marks."""
VERIFIED, PAGE = "docs/verified.json", "docs/hardware.md"

PAGE_HEAD = """\
# What hardware has confirmed

slimgate was written without a GPU. What it states about GPUs is marked in these docs and in the
code until somebody has run, on a machine with one,

    slimgate runtime install paddle-2.6.2-gpu
    slimgate runner verify --out hardware

and has attached `hardware.json` and `hardware.md` to an issue. `make verified FILE=hardware.json`
then turns the marks: a statement is verified once it holds on some GPU, as long as none refutes it.
What does not hold is printed, and stands below. The statements and their checks are in
[configs/hardware.yml](../configs/hardware.yml).

| statement | id | confirmed |
|---|---|---|
"""


def turn_marks(text: str, verified: Collection[str]) -> str:
    """The text with each mark as its statements deserve: verified if all of them are. Pure."""

    def turned(match: re.Match[str]) -> str:
        upper = (match[1] or match[2]).isupper()
        holds = mark_ids(match).issubset(verified)
        words = "verified on hardware" if holds else "not verified on hardware"
        return f"{words[0].upper() if upper else words[0]}{words[1:]} ({match[3]})"

    return MARK.sub(turned, text)


def mark_ids(mark: re.Match[str]) -> set[str]:
    """The ids of the statements that a mark names."""
    return set(re.findall("[a-z0-9-]+", mark[3]))


def render_statements(statements: Iterable[Statement], verified: Iterable[Verified]) -> str:
    """The page about all statements, and where each was confirmed. Pure."""
    places: dict[str, list[str]] = {}
    for found in verified:
        where = f"{found.gpu}, driver {found.driver}, {found.runtime}, {found.recorded}"
        where = where if found.holds else f"does not hold: {where}"
        places.setdefault(found.statement, []).append(escape_markdown(where))
    rows = (
        f"| {s.says} | `{s.id}` | {'<br>'.join(places.get(s.id, ['not yet']))} |\n"
        for s in statements
    )
    return PAGE_HEAD + "".join(rows)


def add_record(
    verifications: Verifications, record: HardwareRecord, statements: Statements, file: str
) -> Verifications:
    """What is known with the record from the file. Of each statement, what the newest record of a
    GPU and runtime says counts. Raises InputError for a record without a GPU, or of a runtime that
    the statements are not about. Pure.
    """
    gpu, runtime = record.gpu, record.fingerprint.runtime
    if gpu is None or runtime != statements.runtime:
        problem = "of a machine without a GPU" if gpu is None else f"of the runtime {runtime}"
        raise InputError(
            f"the record is {problem}",
            file=file,
            key="FILE",
            hint=f"give a record of slimgate runner verify in {statements.runtime}",
        )
    known = {(old.statement, old.gpu, old.runtime): old for old in verifications.verified}
    for statement, ruling in judge_statements(statements.statements, record):
        key = (statement.id, gpu.name, runtime)
        old = known.get(key)
        if ruling.holds is None or (old is not None and old.recorded > record.recorded[:10]):
            continue
        known[key] = Verified(
            statement=statement.id,
            holds=ruling.holds,
            gpu=gpu.name,
            driver=gpu.driver,
            runtime=runtime,
            recorded=record.recorded[:10],
        )
    return verifications.model_copy(update={"verified": tuple(known.values())})


def marked_files(root: Path) -> list[Path]:
    """The tracked files whose words may be marks."""
    listed = run_git(root, "ls-files", "-z", "--", *MARKED, *(f":!{path}" for path in APART))
    return [root / name for name in listed.stdout.decode().split("\0") if name]


def main(arguments: list[str]) -> int:
    """Reads the records, if any are given, and writes the marks; returns the exit code. A record
    that is refused leaves everything as it was.
    """
    try:
        return _turn(arguments)
    except InputError as error:
        print_text(str(error), err=True)
        return EXIT_INPUT


def _turn(arguments: list[str]) -> int:
    root, statements = Path.cwd(), read_statements()
    file, refuted = root / VERIFIED, False
    verifications = load_json(Verifications, file)
    for argument in arguments:
        record = load_json(HardwareRecord, Path(argument))
        verifications = add_record(verifications, record, statements, argument)
        for statement, ruling in judge_statements(statements.statements, record):
            if ruling.holds is False:
                refuted = True
                print_text(f"does not hold: {statement.id}: {ruling.seen}")
    write_json(file, verifications)
    for path in marked_files(root):
        text = path.read_text()
        if (turned := turn_marks(text, verifications.confirmed)) != text:
            write_text(path, turned)
            print_text(f"{path.relative_to(root)}: marks turned")
    write_text(root / PAGE, render_statements(statements.statements, verifications.verified))
    return EXIT_GATE if refuted else EXIT_OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
