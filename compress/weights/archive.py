"""Takes one file out of an archive from the network.

Archives are never unpacked: only the member that was asked for is read, and it is written to a
place that the archive has no say in. So no path, link, device or owner in it matters.
"""

from __future__ import annotations

import os
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from compress.errors import JobFailure

MAX_MEMBERS = 100_000
CHUNK = 2**20


def extract_member(archive: Path, member: str, target: Path, max_bytes: int) -> None:
    """Writes a member of a zip or tar file to ``target``, which appears whole or not at all.

    Raises JobFailure if the archive cannot be read or has no regular file of that name, or if
    more than ``max_bytes`` come out of it.
    """
    part = target.with_name(target.name + ".part")
    try:
        with _opened(archive, member) as stream, part.open("wb") as out:
            done = 0
            while block := stream.read(CHUNK):
                done += len(block)
                if done > max_bytes:
                    raise _failure(archive, f"{member} is larger than {max_bytes} bytes")
                out.write(block)
        os.replace(part, target)
    except (OSError, EOFError, zlib.error, tarfile.TarError, zipfile.BadZipFile) as error:
        raise _failure(archive, f"cannot be read: {error}") from error
    except (RuntimeError, NotImplementedError) as error:  # encrypted, unknown compression
        raise _failure(archive, f"cannot be read: {error}") from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _opened(archive: Path, member: str) -> Iterator[IO[bytes]]:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as zipped:
            names = zipped.namelist()
            if member not in names:
                raise _missing(archive, member, names)
            with zipped.open(member) as stream:
                yield stream
        return
    with tarfile.open(archive) as tarred:
        names = []
        for number, found in enumerate(tarred):
            if number == MAX_MEMBERS:
                raise _failure(archive, f"has more than {MAX_MEMBERS} members")
            names.append(found.name)
            if found.name.removeprefix("./") == member.removeprefix("./") and found.isreg():
                regular = tarred.extractfile(found)
                assert regular is not None  # a regular file has contents
                with regular:
                    yield regular
                return
        raise _missing(archive, member, names)


def _missing(archive: Path, member: str, names: list[str]) -> JobFailure:
    held = ", ".join(sorted(names)[:5]) + (", …" if len(names) > 5 else "")
    return _failure(archive, f"holds no regular file {member!r}, but {held or 'nothing'}")


def _failure(archive: Path, message: str) -> JobFailure:
    return JobFailure("fetch", "error", f"{archive.name}: {message}")
