"""Looks at and reads files whose paths and sizes come from outside."""

from __future__ import annotations

import os
from pathlib import Path

from core.errors import InputError


def is_file(path: str | Path) -> bool:
    """Whether there is such a file; a path that cannot be one, such as a too long one, is none."""
    return os.path.isfile(path)  # noqa: PTH113  Path.is_file() raises for a too long path


def is_folder(path: str | Path) -> bool:
    """Whether there is such a folder; a path that cannot be one is none."""
    return os.path.isdir(path)  # noqa: PTH112  Path.is_dir() raises for a too long path


def read_file(path: Path, max_bytes: int, hint: str = "check the path") -> bytes:
    """The content of at most ``max_bytes``; raises InputError with ``hint`` for more, or if it
    cannot be read. No more than that is read of a device or a pipe, whose size is said to be 0.
    """
    try:
        size_bytes = path.stat().st_size
        with path.open("rb") as stream:
            content = stream.read(max_bytes + 1) if size_bytes <= max_bytes else None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path), hint=hint) from error
    except ValueError as error:  # a null character
        raise InputError(f"cannot be read: {error}", file=str(path), hint=hint) from error
    if content is None or len(content) > max_bytes:
        raise InputError(f"larger than {max_bytes} bytes", file=str(path), hint=hint)
    return content
