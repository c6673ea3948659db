"""Stores per-image statistics in ``.npz`` files next to the results."""

from __future__ import annotations

import zipfile
from collections.abc import Collection
from pathlib import Path

import numpy as np

from bench.metrics import METRICS
from bench.metrics.base import ImageStatistics
from core.errors import InputError

FORM = "form"
FORMS = {metric.statistics.form: metric.statistics for metric in METRICS.values()}
"""Classes of statistics by the name of their stored form."""


def save_statistics(path: Path, statistics: ImageStatistics) -> None:
    """Writes the statistics as plain arrays, and the name of their form."""
    np.savez_compressed(path, **{FORM: np.array(statistics.form)}, **dict(statistics.arrays()))


def load_statistics(path: Path) -> ImageStatistics:
    """Reads a file that ``save_statistics`` wrote; raises InputError for any other."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            form = str(stored[FORM]) if FORM in stored else _older_form(stored.files)
            return FORMS[form].from_arrays(dict(stored))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise InputError(
            f"per-image statistics cannot be read: {error}",
            file=str(path),
            hint="run the job again",
        ) from error


def _older_form(names: Collection[str]) -> str:
    """The form of a file without the name of its form, as older versions wrote them."""
    return "areas" if "areas" in names else "matches"
