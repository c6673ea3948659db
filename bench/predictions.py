"""Scores what an accuracy worker left, which is not trusted: a worker runs the suite's code.

Annotations are read here, from the places that the config names; sizes are limited, and no box or
number that a worker makes up may count for the model.
"""

from __future__ import annotations

import json
import math
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

import numpy as np

from bench.metrics.base import ImageStatistics
from bench.metrics.detection import match_detections
from bench.metrics.segmentation import SegmentationStatistics
from bench.metrics.voc import CLASSES, Integration, match_voc, read_voc
from compress.errors import InputError, JobFailure
from compress.source import find_data, find_index
from compress.suites.base import Dialect, Document, Split
from compress.suites.paddledet.dialect import DATASETS

MAX_INDEX_BYTES, MAX_DETECTIONS_BYTES, MAX_ARRAY_BYTES = 2**23, 2**27, 2**30
MAX_LABEL_BYTES = 2**20
NOTHING = [0.0, 0.0, 0.0, 0.0]


@dataclass(frozen=True)
class LabelledData:
    """Labelled images on this machine: their folder, and their list or annotation file."""

    folder: Path
    index: Path | None
    split: Split = "evaluation"


def find_labelled(
    dialect: Dialect,
    data_config: Document,
    split: Split,
    data_dir: str,
    data: Path | None,
) -> tuple[LabelledData | None, str]:
    """The labelled images of a config below ``data``, or None and the reason. Those of training
    need the evaluation's, too, which are left out of them.
    """
    place = dialect.evaluation_data(data_config)
    folder, reason = find_data(place, data_dir, data)
    if folder is not None and split == "training":
        place = dialect.training_data(data_config)
        folder, reason = find_data(place, data_dir, data)
    if folder is None:
        return None, reason
    return LabelledData(folder, find_index(place, data_dir, data), split), ""


def score_predictions(
    folder: Path, dialect: str, data_config: Document, labelled: LabelledData
) -> ImageStatistics:
    """Statistics by image; raises JobFailure for what is too large or makes no sense, InputError
    for annotations that cannot be read.
    """
    if dialect != "paddledet":
        for name in ("areas.npz", "predictions.npz"):
            _require_unpacked_size(folder / name, MAX_ARRAY_BYTES)
        with np.load(folder / "areas.npz", allow_pickle=False) as stored:
            return SegmentationStatistics(stored["areas"])
    if labelled.index is None:
        raise JobFailure("accuracy", "error", "the config names no annotations")
    try:
        images = _images(_load_json(folder / "index.json", MAX_INDEX_BYTES))
        results = list(_boxes(_load_json(folder / "detections.json", MAX_DETECTIONS_BYTES)))
    except (KeyError, TypeError, ValueError) as error:
        raise JobFailure("accuracy", "error", f"predictions make no sense: {error!r}") from error
    if data_config.get("metric") == "VOC":
        return _score_voc(data_config, labelled, images, results)
    return match_detections(labelled.index, results, sorted(images))


def _images(index: Any) -> dict[int, Path]:
    """Files by number."""
    images = {int(number): Path(file) for file, number in index["images"]}
    if not len(index["images"]) == len(images) == len(set(images.values())):
        raise ValueError("an image is named twice")
    return images


def _boxes(results: Any) -> Iterator[dict[str, Any]]:
    """The detections. A box that is not finite becomes an empty one, which is wrong everywhere:
    comparisons with NaN would count it as a hit.
    """
    for one in results:
        box = [float(value) for value in one["bbox"]]
        score = float(one["score"])
        if len(box) != len(NOTHING):
            raise ValueError("a box of other than four numbers")
        if math.isfinite(score):
            yield {
                "image_id": int(one["image_id"]),
                "category_id": int(one["category_id"]),
                "bbox": box if all(map(math.isfinite, box)) else NOTHING,
                "score": score,
            }


def _score_voc(
    data_config: Document,
    labelled: LabelledData,
    images: dict[int, Path],
    results: list[dict[str, Any]],
) -> ImageStatistics:
    assert labelled.index is not None
    integration = _integration(data_config.get("map_type") or "11point")
    section = DATASETS[labelled.split]
    root = _below(labelled.folder, data_config, section, "image_dir")
    labels = _read_labels(_below(labelled.folder, data_config, section, "label_list"))
    known = read_voc(labelled.index, root or labelled.folder, labels)
    if missing := [file for file in images.values() if file not in known]:
        raise JobFailure("accuracy", "error", f"no annotation belongs to {missing[0]}")
    found: dict[int, list[dict[str, Any]]] = {number: [] for number in images}
    for one in results:
        if one["image_id"] in found:
            found[one["image_id"]].append(one)
    truths = [known[file] for file in images.values()]
    return match_voc(truths, list(found.values()), len(labels), integration)


def _integration(map_type: Any) -> Integration:
    known = {name: name for name in get_args(Integration)}
    if map_type not in known:
        raise InputError(
            f"not a way to integrate: {map_type!r}",
            key="map_type",
            given=str(map_type),
            choices=tuple(known),
            hint="correct the config",
        )
    return cast("Integration", map_type)


def _below(folder: Path, data_config: Document, section: str, key: str) -> Path | None:
    """A path of the config within the data set, None if it names none."""
    named = data_config[section].get(key)
    if not named:
        return None
    relative = Path(os.path.normpath(str(named)))
    if relative.is_absolute() or relative.parts[:1] == (os.pardir,):
        raise InputError(
            "outside the data set",
            key=f"{section}.{key}",
            given=str(named),
            hint="give a path below it",
        )
    return folder / relative


def _read_labels(file: Path | None) -> list[str]:
    """The classes in their order."""
    if file is None:
        return list(CLASSES)
    if not file.is_file() or file.stat().st_size > MAX_LABEL_BYTES:
        raise InputError(
            "not a list of labels", file=str(file), hint="it has to name a class on each line"
        )
    return [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]


def _load_json(file: Path, limit: int) -> Any:
    _require_size(file.name, file.stat().st_size, limit)
    return json.loads(file.read_text())


def _require_unpacked_size(file: Path, limit: int) -> None:
    _require_size(file.name, file.stat().st_size, limit)
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    _require_size(file.name, unpacked, limit)


def _require_size(name: str, size_bytes: int, limit: int) -> None:
    if size_bytes > limit:
        raise JobFailure("accuracy", "limit", f"{name} is larger than {limit >> 20} MiB")
