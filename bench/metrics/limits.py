"""Limits on the size of a worker's output, which untrusted code may have written."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from core.errors import JobFailure

MAX_INDEX_BYTES, MAX_DETECTIONS_BYTES, MAX_ARRAY_BYTES = 2**23, 2**27, 2**30


def load_limited_json(file: Path, limit_bytes: int) -> Any:
    """The file's content; raises JobFailure if it is larger, ValueError if it is not JSON."""
    require_size(file.name, file.stat().st_size, limit_bytes)
    return json.loads(file.read_text())


def require_unpacked_size(file: Path, limit_bytes: int) -> None:
    """Raises JobFailure if a zip file is larger, packed or unpacked."""
    require_size(file.name, file.stat().st_size, limit_bytes)
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    require_size(file.name, unpacked, limit_bytes)


def require_size(name: str, size_bytes: int, limit_bytes: int) -> None:
    """Raises JobFailure if ``size_bytes`` exceeds the limit."""
    if size_bytes > limit_bytes:
        raise JobFailure("accuracy", "limit", f"{name} is larger than {limit_bytes >> 20} MiB")
