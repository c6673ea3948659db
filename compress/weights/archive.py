"""Takes one file at a time out of an archive from the network.

Archives are never unpacked: only the requested member is read, and the caller decides where it is
written, so that no path, link, device or owner in the archive matters. Everything that is
decompressed is limited, including headers and skipped members.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from core.errors import JobFailure

MAX_MEMBERS = 100_000
CHUNK = 2**20
OVERHEAD = 2
"""How many times the limit of a member may be decompressed in all."""
PLAIN_KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The compression methods of zip members that are decompressed in small steps."""
OPENERS: dict[bytes, Any] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
ZIP = b"PK"
ENCRYPTED = 0x1
"""The flag of a zip member that needs a password."""
UNREADABLE = (
    *(OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile),
    *(RuntimeError, NotImplementedError, ValueError),  # unknown, malformed
)


def extract_member(archive: Path, member: str, target: Path, max_bytes: int) -> None:
    """Writes a member of a zip or tar file to ``target``, which appears whole or not at all.

    Raises JobFailure if the archive cannot be read or has no regular file of that name, or if
    more than ``max_bytes`` come out of it.
    """
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out, _opened(archive, member, max_bytes) as stream:
            size_bytes = 0
            while block := stream.read(CHUNK):
                size_bytes += len(block)
                if size_bytes > max_bytes:
                    raise _failure(archive, f"{shorten(member)} is larger than {max_bytes} bytes")
                out.write(block)
        os.replace(part, target)
    except UNREADABLE as error:
        raise _failure(archive, f"cannot be read: {shorten(str(error))}") from error
    finally:
        part.unlink(missing_ok=True)


def member_names(archive: Path, max_bytes: int) -> list[str]:
    """Names of the regular files in a zip or tar file, in their order and each once; raises
    JobFailure if it cannot be read or has too many, or if much more than ``max_bytes`` of a tar
    would have to be read for it.
    """
    try:
        if _magic(archive).startswith(ZIP):
            with zipfile.ZipFile(archive) as zipped:
                files = [info.filename for info in zipped.infolist() if _is_regular(info)]
        else:
            with _tar_members(archive, max_bytes) as (_, members):
                files = [info.name for info in members if info.isreg()]
        if len(files) > MAX_MEMBERS:
            raise _failure(archive, f"has more than {MAX_MEMBERS} members")
        return list(dict.fromkeys(files))
    except UNREADABLE as error:
        raise _failure(archive, f"cannot be read: {shorten(str(error))}") from error


def _magic(archive: Path) -> bytes:
    with archive.open("rb") as stream:
        return stream.read(8)


def _opened(archive: Path, member: str, max_bytes: int) -> Any:
    opened = _from_zip if _magic(archive).startswith(ZIP) else _from_tar
    return opened(archive, member, max_bytes)


@contextmanager
def _from_zip(archive: Path, member: str, max_bytes: int) -> Iterator[IO[bytes]]:
    del max_bytes  # a zip compresses each member apart: only the requested one is decompressed
    with zipfile.ZipFile(archive) as zipped:
        members = {info.filename: info for info in zipped.infolist()}
        info = members.get(member)
        if info is None or not _is_regular(info):
            raise _missing(archive, member, list(members))
        if info.compress_type not in PLAIN_KINDS:
            raise _failure(archive, f"{shorten(member)} is not stored or deflated")
        if info.flag_bits & ENCRYPTED:
            raise _failure(archive, f"{shorten(member)} is encrypted")
        with zipped.open(info) as stream:
            yield stream


def _is_regular(info: zipfile.ZipInfo) -> bool:
    """Whether a zip member is a file: not a folder, link or device."""
    mode = info.external_attr >> 16
    special = bool(stat.S_IFMT(mode)) and not stat.S_ISREG(mode)
    return not info.is_dir() and not special


@contextmanager
def _from_tar(archive: Path, member: str, max_bytes: int) -> Iterator[IO[bytes]]:
    names: list[str] = []
    with _tar_members(archive, max_bytes) as (tarred, members):
        for info in members:
            names.append(info.name)
            if info.name.removeprefix("./") == member.removeprefix("./") and info.isreg():
                stream = tarred.extractfile(info)
                assert stream is not None  # a regular file has contents
                with stream:
                    yield stream
                return
        raise _missing(archive, member, names)


@contextmanager
def _tar_members(
    archive: Path, max_bytes: int
) -> Iterator[tuple[tarfile.TarFile, Iterator[tarfile.TarInfo]]]:
    """The open tar file, and its members one after the other, within limits."""
    magic = _magic(archive)
    opener = next((call for start, call in OPENERS.items() if magic.startswith(start)), open)
    with opener(archive, "rb") as raw:
        limited: Any = _Limited(raw, OVERHEAD * max_bytes + CHUNK)
        with tarfile.open(fileobj=limited, mode="r:") as tarred:
            yield tarred, _few(archive, tarred)


def _few(archive: Path, tarred: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    for number, info in enumerate(tarred):
        if number == MAX_MEMBERS:
            raise _failure(archive, f"has more than {MAX_MEMBERS} members")
        yield info


class _Limited:
    """A decompressed stream of which at most ``most`` bytes are read or skipped, in small steps."""

    def __init__(self, stream: Any, most: int) -> None:
        self.stream, self.most = stream, most

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= CHUNK:
            raise ValueError(f"a header of {size} bytes is too large")
        self._require(self.stream.tell() + size)
        data: bytes = self.stream.read(size)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_SET:
            self._require(offset)
        position: int = self.stream.seek(offset, whence)
        return position

    def tell(self) -> int:
        position: int = self.stream.tell()
        return position

    def _require(self, position: int) -> None:
        if position > self.most:
            raise ValueError(f"the archive holds more than {self.most} bytes")


def _missing(archive: Path, member: str, names: list[str]) -> JobFailure:
    listing = ", ".join(shorten(name) for name in sorted(names)[:5])
    more = ", …" if len(names) > 5 else ""
    return _failure(
        archive, f"holds no regular file {shorten(member)!r}, but {listing or 'nothing'}{more}"
    )


def shorten(text: str) -> str:
    """The text, cut to 80 characters: names in archives may be long."""
    return text if len(text) <= 80 else f"{text[:79]}…"


def _failure(archive: Path, message: str) -> JobFailure:
    return JobFailure("fetch", "error", f"{archive.name}: {message}")
