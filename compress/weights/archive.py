"""Takes one file at a time out of an archive from the network.

Archives are never unpacked: only the requested member is read, and the caller decides where it is
written, so that no path, link, device or owner in the archive matters. Everything that is
decompressed is limited, including headers and skipped members.
"""

from __future__ import annotations

import bz2
import gzip
import io
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
from typing import Any

from compress.weights.tar import CHUNK, TarMember, read_contents, tar_members
from core.errors import JobFailure

MAX_MEMBERS = 10_000
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
        with os.fdopen(descriptor, "wb") as out, _opened(archive, member, max_bytes) as blocks:
            size_bytes = 0
            for block in blocks:
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
            with _open_zip(archive) as zipped:
                files = [info.filename for info in zipped.infolist() if _is_regular(info)]
        else:
            with _open_tar(archive) as stream:
                members = _few(archive, tar_members(stream, _most(max_bytes)))
                files = [member.name for member in members if member.is_file]
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
def _open_zip(archive: Path) -> Iterator[zipfile.ZipFile]:
    with _SmallReads(archive) as stream, zipfile.ZipFile(stream) as zipped:
        yield zipped


class _SmallReads(io.FileIO):
    """A file of which little is read at once: ZipFile reads the list of members as a whole, and a
    long one costs minutes and gigabytes before it can be counted.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        limit = CHUNK + 1 if size is None or size < 0 else size
        data = super().read(limit) if limit <= CHUNK + 1 else None
        if data is None or len(data) > CHUNK:
            raise ValueError(f"a list of {limit} bytes is too large")
        return data


@contextmanager
def _from_zip(archive: Path, member: str, max_bytes: int) -> Iterator[Iterator[bytes]]:
    del max_bytes  # a zip compresses each member apart: only the requested one is decompressed
    with _open_zip(archive) as zipped:
        members = {info.filename: info for info in zipped.infolist()}
        info = members.get(member)
        if info is None or not _is_regular(info):
            raise _missing(archive, member, list(members))
        if info.compress_type not in PLAIN_KINDS:
            raise _failure(archive, f"{shorten(member)} is not stored or deflated")
        if info.flag_bits & ENCRYPTED:
            raise _failure(archive, f"{shorten(member)} is encrypted")
        with zipped.open(info) as stream:
            yield iter(lambda: stream.read(CHUNK), b"")


def _is_regular(info: zipfile.ZipInfo) -> bool:
    """Whether a zip member is a file: not a folder, link or device."""
    mode = info.external_attr >> 16
    special = bool(stat.S_IFMT(mode)) and not stat.S_ISREG(mode)
    return not info.is_dir() and not special


@contextmanager
def _from_tar(archive: Path, member: str, max_bytes: int) -> Iterator[Iterator[bytes]]:
    names: list[str] = []
    with _open_tar(archive) as stream:
        for found in _few(archive, tar_members(stream, _most(max_bytes))):
            names.append(found.name)
            if found.name.removeprefix("./") == member.removeprefix("./") and found.is_file:
                yield read_contents(stream, found)
                return
        raise _missing(archive, member, names)


def _open_tar(archive: Path) -> Any:
    """The stream of a tar file, decompressed."""
    magic = _magic(archive)
    opener = next((call for start, call in OPENERS.items() if magic.startswith(start)), open)
    return opener(archive, "rb")


def _most(max_bytes: int) -> int:
    """How much is decompressed for a member of at most ``max_bytes``."""
    return OVERHEAD * max_bytes + CHUNK


def _few(archive: Path, members: Iterator[TarMember]) -> Iterator[TarMember]:
    for number, member in enumerate(members):
        if number == MAX_MEMBERS:
            raise _failure(archive, f"has more than {MAX_MEMBERS} members")
        yield member


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
