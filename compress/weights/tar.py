"""Reads tar files from strangers: names, sizes and contents of their files, in one pass.

``tarfile`` reads one header here. Its loop over members trusts what they say: headers of 131 kB
whose records overlap fill any memory, maps of sparse files do so, too, a negative size leads back
to the start, and the members before stay in memory.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

BLOCK = tarfile.BLOCKSIZE
CHUNK = 2**20
MAX_EXTENSIONS = 2**22
"""Bytes of all headers that go before a member's: long names, times, attributes."""
MAX_DIGITS = 20
LONG_NAME, LONG_LINK = tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK
PAX = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
EXTENSIONS = (LONG_NAME, LONG_LINK, *PAX, tarfile.XGLTYPE)
WITHOUT_CONTENTS = (
    *(tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE),
    *(tarfile.DIRTYPE, tarfile.FIFOTYPE),
)


@dataclass(frozen=True)
class TarMember:
    """A member whose contents, ``size_bytes``, come next in the stream."""

    name: str
    is_file: bool
    size_bytes: int


def tar_members(stream: IO[bytes], max_bytes: int) -> Iterator[TarMember]:
    """The members in their order; between two of them the caller may read of the contents.

    Raises ValueError, EOFError or TarError for what is no tar file, for a sparse file, for long
    headers, and before more than ``max_bytes`` are read or skipped.
    """
    reader = _Reader(stream, max_bytes)
    while (member := reader.next_member()) is not None:
        end = stream.tell() + _padded(member.size_bytes)
        yield member
        reader.skip_to(end)


def read_contents(stream: IO[bytes], member: TarMember) -> Iterator[bytes]:
    """The contents of the member that ``tar_members`` gave last, in blocks."""
    left = member.size_bytes
    while left:
        block = stream.read(min(left, CHUNK))
        if not block:
            raise _cut_off()
        left -= len(block)
        yield block


@dataclass
class _Reader:
    stream: IO[bytes]
    max_bytes: int
    extension_bytes: int = 0

    def next_member(self) -> TarMember | None:
        """The member whose header comes next, with what the headers before it say of it; None at
        the end.
        """
        long_name, records = None, dict[bytes, bytes]()
        header = self._header()
        if header is None:
            return None
        while header.type in EXTENSIONS:
            content = self._extension(header.size)
            if header.type == LONG_NAME:
                long_name = content.split(b"\0")[0]
            elif header.type in PAX:
                records |= _pax_records(content)
            header = self._header()
            if header is None:
                raise _cut_off()
        if header.type == tarfile.GNUTYPE_SPARSE or any(map(_is_sparse, records)):
            raise ValueError("sparse files are not read")
        given = records.get(b"path", long_name)
        name = header.name if given is None else given.decode(errors="replace")
        size_bytes = _decimal(records[b"size"]) if b"size" in records else header.size
        has_contents = header.type not in WITHOUT_CONTENTS
        return TarMember(name, header.isreg(), size_bytes if has_contents else 0)

    def skip_to(self, end: int) -> None:
        """Goes on to ``end``; the byte before it has to be there."""
        self._require(end)
        if end > self.stream.tell():
            self.stream.seek(end - 1, os.SEEK_SET)
            if not self.stream.read(1):
                raise _cut_off()

    def _header(self) -> tarfile.TarInfo | None:
        start = self.stream.tell()
        self._require(start + BLOCK)
        block = self.stream.read(BLOCK)
        if not block.strip(b"\0") and (block or start):
            return None
        header = tarfile.TarInfo.frombuf(block, "utf-8", "replace")
        if header.size < 0:
            raise ValueError("a negative size")
        return header

    def _extension(self, size_bytes: int) -> bytes:
        self.extension_bytes += size_bytes
        if self.extension_bytes > MAX_EXTENSIONS:
            raise ValueError(f"a header of {size_bytes} bytes is too large")
        content = self.stream.read(_padded(size_bytes))[:size_bytes]
        if len(content) != size_bytes:
            raise _cut_off()
        return content

    def _require(self, position: int) -> None:
        if position > self.max_bytes:
            raise ValueError(f"the archive holds more than {self.max_bytes} bytes")


def _pax_records(content: bytes) -> dict[bytes, bytes]:
    """The records ``LENGTH KEY=VALUE`` and a line feed, where LENGTH counts the whole record."""
    records, start = {}, 0
    while start < len(content):
        digits = content[start : start + MAX_DIGITS].split(b" ")[0]
        end = start + _decimal(digits)
        key, equals, value = content[start + len(digits) + 1 : end].partition(b"=")
        if end > len(content) or not equals or not value.endswith(b"\n"):
            raise ValueError("a malformed header")
        records[key] = value[:-1]
        start = end
    return records


def _is_sparse(key: bytes) -> bool:
    return key.startswith(b"GNU.sparse.")


def _decimal(digits: bytes) -> int:
    if not digits.isdigit() or len(digits) > MAX_DIGITS:
        raise ValueError("a malformed number")
    return int(digits)


def _padded(size_bytes: int) -> int:
    return -(-size_bytes // BLOCK) * BLOCK


def _cut_off() -> EOFError:
    return EOFError("unexpected end of data")
