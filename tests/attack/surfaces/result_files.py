"""The files of a run's results: links, devices, bombs, and paths that lead elsewhere."""

import json
import os
import shutil
from collections.abc import Callable, Iterator

from tests.attack.attack import Attack, Ground
from tests.attack.finished import REQUEST, lay_out, pristine
from tests.attack.hub import State
from tests.attack.inert import living
from tests.attack.surfaces.results import JUDGED, PUBLISH, REPORT, intact

BAD = "results/m1.qat.json"
"""The file that is replaced."""
CONTENT: dict[str, str | bytes] = {
    "empty": b"",
    "a zero": b"\0",
    "zeros": b"\0" * 1_000_000,
    "text": b"text",
    "half of it": b'{"schema": "slimgate.result/2", "job"',
    "a number": b"1",
    "a null": b"null",
    "a list": b"[]",
    "an object": b"{}",
    "brackets": b"[" * 1_000_000,
    "braces": b'{"a":' * 200_000,
    "digits": b'{"job": ' + b"9" * 1_000_000 + b"}",
    "digits of a fraction": b'{"duration_s": 0.' + b"9" * 1_000_000 + b"}",
    "an exponent": b'{"duration_s": 1e999999999}',
    "a digit exponent": b'{"duration_s": 1' + b"0" * 400 + b".5}",
    "not a number": b'{"duration_s": NaN}',
    "infinity": b'{"duration_s": -Infinity}',
    "a key twice": b'{"job": "a", "job": "b"}',
    "a mark": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "UTF-16 of half a pair": b"\xff\xfe\x00\xd8",
    "UTF-32": "{}".encode("utf-32"),
    "invalid UTF-8": b'{"job": "\xff"}',
    "a surrogate": b'{"job": "\xed\xa0\x80"}',
    "an escape of a surrogate": b'{"job": "\\ud800"}',
    "a surrogate as a key": b'{"\\ud800": 1}',
    "control characters": b'{"job": "\x01"}',
    "a raw line end": b'{"job": "a\nb"}',
    "a comment": b"{} // x",
    "two values": b"{}{}",
    "a key of many": json.dumps({f"k{i}": i for i in range(200_000)}),
    "a long key": json.dumps({"k" * 1_000_000: 1}),
    "17 MB of blanks": b" " * (17 * 2**20) + b"{}",
    "a file without end": b"",
}


def attacks() -> Iterator[Attack]:
    """Each file in place of a result, beside one that is as it should be."""
    for name, content in CONTENT.items():
        yield attack(name, lambda path, content=content: _write(path, content))
    for name, place in SPECIAL.items():
        yield attack(name, place)
    for name, path in PATHS.items():
        yield Attack(
            f"statistics at {name}",
            REPORT,
            lambda g, path=path: statistics_at(g, path),
            JUDGED,
            check=intact,
        )
    for name, content in PROBLEMS.items():
        yield Attack(f"a problem: {name}", REPORT, lambda g, c=content: problem(g, c), JUDGED)
        yield unplanned(f"a change without a plan: {name}", content)


def attack(name: str, place: Callable[[str], object]) -> Attack:
    def prepare(ground: Ground) -> None:
        lay_out(ground, [pristine()[0]])
        path = ground.work / BAD
        path.unlink()
        place(str(path))

    return Attack(name, REPORT, prepare, JUDGED, check=intact)


def _write(path: str, content: str | bytes) -> None:
    with open(path, "wb") as stream:
        stream.write(content.encode() if isinstance(content, str) else content)


def _sparse(path: str) -> None:
    with open(path, "wb") as stream:
        stream.truncate(2**40)


def _chain(path: str) -> None:
    os.symlink(os.path.basename(path), path)


SPECIAL: dict[str, Callable[[str], object]] = {
    "a link outside": lambda path: os.symlink("../../outside/secret.txt", path),
    "an absolute link": lambda path: os.symlink("/etc/passwd", path),
    "a link to a device": lambda path: os.symlink("/dev/zero", path),
    "a link to standard input": lambda path: os.symlink("/dev/stdin", path),
    "a link to itself": _chain,
    "a link to the honest result": lambda path: os.symlink("m0.qat.json", path),
    "a broken link": lambda path: os.symlink("nothing", path),
    "a folder": os.mkdir,
    "a pipe": os.mkfifo,
    "a sparse terabyte": _sparse,
    "no file": lambda path: None,
    "a hard link": lambda path: os.link(path.replace("m1", "m0"), path),
    "a copy of the honest result": lambda path: shutil.copy(path.replace("m1", "m0"), path),
}
PATHS = {
    "a parent": "../../outside/secret.txt",
    "an absolute path": "/etc/passwd",
    "a device": "/dev/zero",
    "the result itself": "m1.qat.json",
    "the folder": ".",
    "an empty path": "",
    "a zero": "a\0b",
    "a long name": "x" * 5000,
    "a long path": "x/" * 5000,
    "a name that is not text": "\ud800",
    "another job": "m0.qat/base-fp32.npz",
    "a home": "~/x.npz",
    "a drive": "C:\\x.npz",
    "an address": "https://x.example/x.npz",
}
PROBLEMS = {
    "a long text": "x" * 10_000_000,
    "a workflow command": "::error::x\n##[group]x",
    "Markdown": "```\n<img src=x> @suite ![x](http://x.example)",
    "bytes": b"\xff\xfe\0\x1b[2J",
    "line separators": "a\u2028b\u0085c",
    "a text that turns around": "\u202eabc",
    "wide letters": "\U0001f468" * 3_000,
    "ampersands": "&" * 3_000,
}


def statistics_at(ground: Ground, path: str) -> None:
    """A result whose statistics lie at the path."""
    document, _ = pristine()
    first, *others = document["variants"]
    moved = {**first, "accuracy": {**first["accuracy"], "statistics": path}}
    lay_out(ground, [{**document, "variants": [moved, *others]}])


def unplanned(name: str, content: str | bytes) -> Attack:
    """A plan job that failed with this message, published."""

    def prepare(ground: Ground) -> None:
        ground.write("request.json", json.dumps(REQUEST))
        ground.write("problem.txt", content)

    command = (*PUBLISH, "--problem", "problem.txt")
    return Attack(name, command, prepare, (0,), check=living, hub=State)


def problem(ground: Ground, content: str | bytes) -> None:
    """A runner that left no results, only a problem."""
    lay_out(ground, [])
    (ground.work / "results" / "m0.qat.json").unlink()
    ground.write("results/problem.txt", content)
