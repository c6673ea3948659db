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


def read_file(
    path: Path, max_bytes: int, hint: str = "check the path", key: str | None = None
) -> bytes:
    """The content of at most ``max_bytes``. Raises InputError, with ``hint`` and option ``key``,
    for more or if it cannot be read. Sizes are not asked for: those of devices are said to be 0.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(max_bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: a null character
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read: {reason}", file=str(path), key=key, hint=hint) from error
    if len(content) > max_bytes:
        raise InputError(f"larger than {max_bytes} bytes", file=str(path), key=key, hint=hint)
    return content
