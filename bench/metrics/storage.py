"""Stores per-image statistics in ``.npz`` files next to the results."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import IO, Any

import numpy as np

from bench.metrics import METRICS
from bench.metrics.base import ImageStatistics
from bench.metrics.limits import directory_bytes
from core.errors import InputError

FORM = "form"
FORMS = {metric.statistics.form: metric.statistics for metric in METRICS.values()}
"""Classes of statistics by the name of their stored form."""
NAME = re.compile(r"[A-Za-z][A-Za-z0-9@. ()_-]{0,39}")
"""The name of a metric, which is shown as it is."""
MAX_MEMBERS, MAX_DIRECTORY_BYTES = 8, 2**11
"""Arrays of one file, and the bytes of the list that names them."""
HEADERS: dict[tuple[int, int], Callable[[Any], tuple[tuple[int, ...], bool, Any]]] = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
"""What reads the head of an array, by the version of its form."""


def save_statistics(path: Path, statistics: ImageStatistics) -> None:
    """Writes the statistics as plain arrays, and the name of their form."""
    np.savez_compressed(path, **{FORM: np.array(statistics.form)}, **dict(statistics.arrays()))


def unpacked_bytes(path: Path) -> int:
    """What the file says that it unpacks to; nothing is read beyond. Raises InputError."""
    try:
        with path.open("rb") as stream:
            return sum(member.file_size for member in _members(stream))
    except Exception as error:
        raise _unreadable(path, error) from error


def load_statistics(path: Path) -> ImageStatistics:
    """Reads a file that ``save_statistics`` wrote; raises InputError for any other, whatever its
    bytes are. Memory is bounded by ``unpacked_bytes``.
    """
    try:
        _require_whole_arrays(path)
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            form = str(stored[FORM]) if FORM in stored else _older_form(stored.files)
            statistics = FORMS[form].from_arrays(dict(stored))
        if not NAME.fullmatch(statistics.metric):
            raise ValueError("the metric has no proper name")
    except Exception as error:
        raise _unreadable(path, error) from error
    return statistics


def _members(stream: IO[bytes]) -> list[zipfile.ZipInfo]:
    """The few members of the archive; raises ValueError if there are more, or one name twice. numpy
    looks each name up in a list: 50,000 members cost minutes.
    """
    if directory_bytes(stream) > MAX_DIRECTORY_BYTES:
        raise ValueError("the list of its arrays is too long")
    with zipfile.ZipFile(stream) as archive:
        members = archive.infolist()
    if not len({member.filename for member in members}) == len(members) <= MAX_MEMBERS:
        raise ValueError(f"more than {MAX_MEMBERS} arrays, or one twice")
    return members


def _require_whole_arrays(path: Path) -> None:
    """Raises ValueError for an array whose head claims more than its file holds, since memory for
    it would be taken before that is seen.
    """
    with path.open("rb") as file:
        members = _members(file)
        archive = zipfile.ZipFile(file)
        for member in members:
            with archive.open(member) as stream:
                version = np.lib.format.read_magic(stream)  # type: ignore[no-untyped-call]
                shape, _, dtype = HEADERS[version](stream)
            if math.prod(shape) * dtype.itemsize > member.file_size:
                raise ValueError("an array is larger than its file")


def _unreadable(path: Path, error: Exception) -> InputError:
    reason = f"per-image statistics cannot be read: {str(error)[:200] or type(error).__name__}"
    return InputError(reason, file=str(path), hint="run the job again")


def _older_form(names: Collection[str]) -> str:
    """The form of a file without the name of its form, as older versions wrote them."""
    return "areas" if "areas" in names else "matches"
