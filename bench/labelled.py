"""Finds the labelled images of a config on this machine."""

from __future__ import annotations

from pathlib import Path

from bench.metrics.base import LabelledData
from compress.source import find_data, find_index
from compress.suites.dialect import Dialect, Document, Split


def find_labelled(
    dialect: Dialect,
    data_config: Document,
    split: Split,
    data_dir: str,
    data: Path | None,
) -> tuple[LabelledData | None, str]:
    """The labelled images of a split below ``data``, or None and the reason.

    The training split needs the evaluation's images as well, since those are excluded from it.
    """
    place = dialect.evaluation_data(data_config)
    folder, reason = find_data(place, data_dir, data)
    if folder is not None and split == "training":
        place = dialect.training_data(data_config)
        folder, reason = find_data(place, data_dir, data)
    if folder is None:
        return None, reason
    return LabelledData(folder, find_index(place, data_dir, data), split), ""
