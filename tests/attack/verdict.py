"""What no command may do, whatever it reads."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.attack.attack import Attack, Ended, Ground

SECRET = "hunter2-5f1c9a"
"""The text of the file outside."""
MAX_OUTPUT = 2**20
"""Bytes that a command may print."""
MAX_FILE_MIB = 64
"""The size that a written file may have."""
BUG = re.compile(r"Traceback \(most recent call last\)|This is a bug in slimgate")
STEERING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that steer a terminal or turn text around."""
WORKFLOW = re.compile(r"^::(?!warning::slimgate-data:)|##\[", re.MULTILINE)
"""What a runner of GitHub takes for a command, except for what slimgate itself warns of."""
OWN_FOLDERS = ("work", "home", "stdout", "stderr", "usage")
"""What a command may change."""


def problems(attack: Attack, ground: Ground, ended: Ended, before: dict[str, int]) -> Iterator[str]:
    """What is wrong; ``before`` are the files outside as they were."""
    yield from (f"the emulated GitHub has no answer to {path}" for path in ended.unanswered)
    yield from _ending(attack, ended)
    yield from _printed(attack, ended)
    yield from _files(ground, before)
    if ended.code in attack.codes:
        missing = [text for text in attack.says if text not in ended.text]
        yield from (f"does not say {text!r}: {tail(ended)}" for text in missing)
        wrong = attack.check(ground, ended)
        yield from [wrong] if wrong else []


def _ending(attack: Attack, ended: Ended) -> Iterator[str]:
    if ended.code is None:
        yield f"killed after {attack.limits.seconds:.0f} s"
    elif ended.code < 0:
        yield f"signal {-ended.code}"
    elif ended.code not in attack.codes:
        yield f"exit {ended.code}, not {' or '.join(map(str, attack.codes))}: {tail(ended)}"
    elif not attack.paddle and BUG.search(ended.stderr):  # a failed worker's log may hold one
        yield f"a traceback: {tail(ended)}"


def _printed(attack: Attack, ended: Ended) -> Iterator[str]:
    if len(ended.text) > MAX_OUTPUT:
        yield "more than a megabyte of output"
    steering = STEERING.search(ended.text)
    if steering:
        yield f"characters that steer a terminal in its output: {steering[0]!r}"
    if WORKFLOW.search(ended.text) and "github" not in attack.command:
        yield "a workflow command in its output"
    if SECRET in ended.text:
        yield "its output holds the text of a file outside"


def _files(ground: Ground, before: dict[str, int]) -> Iterator[str]:
    if ground.canary.exists() or (ground.work / ground.canary.name).exists():
        yield "hostile code ran"
    if listing(ground.root) != before:
        yield "files outside of the working folder changed"
    for path in sorted((ground.work / "out").rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield from _file(path)


def _file(path: Path) -> Iterator[str]:
    """What is wrong with a file that the command wrote to its folder out."""
    if path.stat().st_size > MAX_FILE_MIB << 20:
        yield f"{path.name} is larger than {MAX_FILE_MIB} MiB"
        return
    content = path.read_bytes()
    if SECRET.encode() in content:
        yield f"{path.name} holds the text of a file outside"
    if path.suffix == ".json":
        try:
            json.loads(content, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            yield f"{path.name} is no JSON: {error}"


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number")


def listing(folder: Path) -> dict[str, int]:
    """The files that the command may not change, with their sizes."""
    files = (p for p in folder.rglob("*") if p.relative_to(folder).parts[0] not in OWN_FOLDERS)
    return {str(path): path.lstat().st_size for path in files}


def tail(ended: Ended) -> str:
    """The end of what was printed, in one line."""
    return " ".join((ended.stderr or ended.stdout).split())[-400:]
