"""Folders that belong to one process and are removed when it ends. If it is killed, the next
process that makes such a folder removes them.

An owner holds a lock (``flock``) on a file beside its folder. The kernel releases it however
the process dies, and in any container; a process id would not tell whether its owner lives.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import InputError

LOCK = ".lock"


@contextmanager
def private_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """An empty folder ``parent/PREFIX…``; orphans of the same prefix are removed first."""
    parent.mkdir(parents=True, exist_ok=True)
    remove_orphans(parent, prefix)
    while (claim := _claim(parent / f"{prefix}{secrets.token_hex(6)}")) is None:
        pass
    folder, descriptor = claim
    try:
        yield folder
    finally:
        _give_up(folder, descriptor)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A temporary folder for workers, removed on exit; those of killed runs are removed first."""
    with private_folder(Path(tempfile.gettempdir()), f"slimgate-{os.getuid()}-") as folder:
        yield folder


def remove_orphans(parent: Path, prefix: str) -> None:
    """Removes the folders of this prefix whose owner has died."""
    for lock in parent.glob(f"{prefix}*{LOCK}"):
        with suppress(OSError):
            descriptor = os.open(lock, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(descriptor)
                continue
            _give_up(lock.with_suffix(""), descriptor)


def _claim(folder: Path) -> tuple[Path, int] | None:
    """The folder with its lock; None if another process took it for an orphan's and holds it.
    Raises InputError where files cannot be locked.
    """
    descriptor = os.open(_lock_of(folder), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError as error:
        _give_up(folder, descriptor)
        raise InputError(
            f"files cannot be locked here: {error.strerror}",
            file=str(folder.parent),
            hint="use a folder on a local disk",
        ) from error
    folder.mkdir()
    return folder, descriptor


def _give_up(folder: Path, descriptor: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        _lock_of(folder).unlink()
    os.close(descriptor)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + LOCK)
