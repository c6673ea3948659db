"""Limits on the size of a worker's output, which untrusted code may have written."""

from __future__ import annotations

import json
import os
import struct
import zipfile
from pathlib import Path
from typing import IO, Any

from core.errors import JobFailure
from core.safe_json import require_few_values

MAX_DETECTIONS_BYTES, MAX_DETECTIONS_VALUES = 2**27, 2**24
"""A box is written in about 90 bytes and 9 values."""
_END = struct.Struct("<4s4H2LH")
"""The last record of a zip file (APPNOTE.TXT 4.3.16): disks, members, bytes of the list, its
offset, and the length of a comment.
"""
_LARGE_END = struct.Struct("<4sLQL")
"""What stands before it in a zip file with 64-bit sizes, which then count instead (4.3.15)."""
_LIST_BYTES, _COMMENT_BYTES = 5, 7


def load_limited_json(file: Path, limit_bytes: int, limit_values: int) -> Any:
    """The file's content; raises JobFailure if it is larger, ValueError if it is not JSON or holds
    more values, such as millions of empty lists.
    """
    require_size(file.name, file.stat().st_size, limit_bytes)
    text = file.read_text()
    require_few_values(text, limit_values)
    return json.loads(text)


def require_size(name: str, size_bytes: int, limit_bytes: int) -> None:
    """Raises JobFailure if ``size_bytes`` exceeds the limit."""
    if size_bytes > limit_bytes:
        raise JobFailure("accuracy", "limit", f"{name} is larger than {limit_bytes >> 20} MiB")


def directory_bytes(stream: IO[bytes]) -> int:
    """What the list of a zip file's members takes, before any of them is read: millions of empty
    members cost minutes and gigabytes. Raises BadZipFile for a file with a comment or 64-bit
    sizes, which numpy never writes below 65,536 members and 4 GiB.
    """
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _LARGE_END.size - _END.size))
    tail = stream.read(_LARGE_END.size + _END.size)
    if len(tail) < _END.size or not tail[-_END.size :].startswith(b"PK\5\6"):
        raise zipfile.BadZipFile("File is not a zip file")
    if tail.startswith(b"PK\6\7"):
        raise zipfile.BadZipFile("the archive has 64-bit sizes")
    end = _END.unpack(tail[-_END.size :])
    if end[_COMMENT_BYTES]:
        raise zipfile.BadZipFile("the archive has a comment")
    return int(end[_LIST_BYTES])
