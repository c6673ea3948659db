"""Finds the labelled images of a config on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bench.metrics.base import LabelledData
from compress.source import find_data, find_index
from compress.suites.dialect import Dialect, Document, Split


def find_labelled(
    dialect: Dialect,
    data_config: Document,
    split: Split,
    data_dir: str,
    data: Path | None,
    counting: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[LabelledData | None, str]:
    """The labelled images of a split below ``data``, or None and the reason. ``counting``: settings
    of the scoring that the suite's code decides.

    The training split needs the evaluation's images as well, since those are excluded from it.
    """
    evaluation, reason = _find(dialect, data_config, "evaluation", data_dir, data, counting)
    if split == "evaluation" or evaluation is None:
        return evaluation, reason
    training, reason = _find(dialect, data_config, split, data_dir, data, counting)
    return (replace(training, without=evaluation) if training else None), reason


def _find(
    dialect: Dialect,
    data_config: Document,
    split: Split,
    data_dir: str,
    data: Path | None,
    counting: Mapping[str, Any],
) -> tuple[LabelledData | None, str]:
    evaluation, training = dialect.evaluation_data, dialect.training_data
    place = (evaluation if split == "evaluation" else training)(data_config)
    folder, reason = find_data(place, data_dir, data)
    scoring = dialect.scoring(data_config, split)
    if folder is None or scoring.unreadable:
        return None, reason or scoring.unreadable
    scoring = replace(scoring, settings={**scoring.settings, **counting})
    return LabelledData(folder, find_index(place, data_dir, data), scoring, split), ""
