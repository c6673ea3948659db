"""The store of models, as another user of the machine or a hostile worker may have left it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.attack.attack import Attack, Ended, Ground

COMMANDS = {
    "ls": ("cache", "ls", "--store", "store"),
    "gc": ("cache", "gc", "--store", "store", "--max-days", "0", "--max-gb", "0"),
}
KEY = "ab" * 32
DIGEST = "ab/" + KEY


def entry(store: Path, content: bytes = b"{}") -> Path:
    """An entry's folder; its record holds ``content``."""
    folder = store / DIGEST
    folder.mkdir(parents=True)
    (folder / "entry.json").write_bytes(content)
    (folder / "model.pdmodel").write_bytes(b"x")
    return folder


def future(store: Path) -> None:
    record = entry(store) / "entry.json"
    os.utime(record, (2**40, 2**40))


def past(store: Path) -> None:
    record = entry(store) / "entry.json"
    os.utime(record, (-(2**31), -(2**31)))


def outside(store: Path) -> Path:
    return store.parent.parent / "outside"


def linked_record(store: Path) -> None:
    record = entry(store) / "entry.json"
    record.unlink()
    record.symlink_to(outside(store) / "secret.txt")


def piped_record(store: Path) -> None:
    record = entry(store) / "entry.json"
    record.unlink()
    os.mkfifo(record)


def folder_record(store: Path) -> None:
    record = entry(store) / "entry.json"
    record.unlink()
    record.mkdir()


def linked(store: Path, name: str) -> None:
    target = outside(store) / "entry"
    target.mkdir()
    (target / "entry.json").write_text("{}")
    path = store / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(2**42)


def named(store: Path, name: str) -> None:
    folder = store / "ab" / name
    folder.mkdir(parents=True)
    (folder / "entry.json").write_text("{}")


def downloaded(store: Path) -> None:
    (store / "downloads").mkdir()
    (store / "downloads" / "x.tar").symlink_to(outside(store) / "secret.txt")


def many(store: Path) -> None:
    for number in range(3000):
        folder = store / f"{number % 256:02x}" / f"{number:064x}"
        folder.mkdir(parents=True)
        (folder / "entry.json").write_text("{}")


PLACES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda store: None,
    "a file": lambda store: (store.rmdir(), store.write_text("x")),
    "a link to another folder": lambda store: (store.rmdir(), store.symlink_to(outside(store))),
    "a broken link": lambda store: (store.rmdir(), store.symlink_to("nothing")),
    "an entry": entry,
    "an entry from the future": future,
    "an entry from the past": past,
    "an entry without a record": lambda store: (entry(store) / "entry.json").unlink(),
    "a record of brackets": lambda store: entry(store, b"[" * 200_000),
    "a record of bytes": lambda store: entry(store, b"\xff\xfe"),
    "a record that is a link": linked_record,
    "a record that is a pipe": piped_record,
    "a record that is a folder": folder_record,
    "an entry that is a link": lambda store: linked(store, DIGEST),
    "a first folder that is a link": lambda store: linked(store, "ab"),
    "a link in an entry": lambda store: (entry(store) / "link").symlink_to(outside(store)),
    "a link to itself in an entry": lambda store: (entry(store) / "link").symlink_to("link"),
    "a pipe in an entry": lambda store: os.mkfifo(entry(store) / "pipe"),
    "a folder that may not be read": lambda store: (entry(store) / "x").mkdir(mode=0),
    "a sparse file": lambda store: sparse(entry(store) / "x"),
    "a name that is not UTF-8": lambda store: named(store, os.fsdecode(b"\xff\xfe")),
    "a name of a terminal": lambda store: named(store, "\x1b[2J\u202e"),
    "a long name": lambda store: named(store, "x" * 250),
    "remains that are a link": lambda store: (store / ".partial-x").symlink_to(outside(store)),
    "remains that are a file": lambda store: (store / ".partial-x").write_text("x"),
    "remains of a running process": lambda store: (store / f".partial-{os.getpid()}-x").mkdir(),
    "downloads that are a link": lambda store: (store / "downloads").symlink_to(outside(store)),
    "a link among downloads": downloaded,
    "3000 entries": many,
}


def attacks() -> Iterator[Attack]:
    """Each store, listed and cleared."""
    for name, make in PLACES.items():
        for command, words in COMMANDS.items():
            yield Attack(
                f"{name}, {command}", words, lambda g, m=make: prepare(g, m), (0, 2), check=kept
            )


def prepare(ground: Ground, make: Callable[[Path], object]) -> None:
    store = ground.work / "store"
    store.mkdir()
    make(store)


def kept(ground: Ground, ended: Ended) -> str | None:
    """What is wrong if a file outside is gone."""
    return None if ground.secret.exists() else "a file outside was removed"
