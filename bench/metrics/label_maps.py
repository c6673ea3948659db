"""Finds and reads the label maps of segmentation data sets, outside of the suite's code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from bench.metrics.base import LabelledData, LabelledImage
from compress.suites.pairs import Pairs
from core.errors import InputError
from core.lines import split_lines

MAX_LIST_BYTES = 2**26


def find_pairs(labelled: LabelledData) -> tuple[LabelledImage, ...]:
    """The images of a data set with the files of their labels, in the suite's order; raises
    InputError for a list that is missing or malformed.
    """
    pairs: Pairs = labelled.scoring.settings["pairs"]
    if not pairs.is_listed:
        return _paired_files(labelled.folder, pairs)
    index = labelled.folder / pairs.listed if pairs.listed else labelled.index
    if index is None:
        raise InputError(
            "the data set has no list of images",
            key=labelled.scoring.section,
            hint="name the list in this section of the config: train_path or val_path",
        )
    return tuple(_listed_pairs(index, labelled.folder, pairs))


def _listed_pairs(index: Path, folder: Path, pairs: Pairs) -> Iterator[LabelledImage]:
    expected = 1 if "." in pairs.image else 2
    for number, line in enumerate(_read_list(index), 1):
        words = line.strip().split(pairs.separator)
        if len(words) != expected:
            raise InputError(
                f"line {number} has {len(words)} words instead of {expected}",
                file=str(index),
                hint="give an image and its label map on each line",
            )
        image, label = pairs.image.format(words[0]), pairs.label.format(words[-1])
        yield LabelledImage(folder / image, folder / label)


def _read_list(index: Path) -> list[str]:
    try:
        if index.stat().st_size > MAX_LIST_BYTES:
            raise InputError(
                f"larger than {MAX_LIST_BYTES >> 20} MiB",
                file=str(index),
                hint="name a list of images in the config",
            )
        return split_lines(os.fsdecode(index.read_bytes()))
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", file=str(index), hint="check the data set"
        ) from error


def _paired_files(folder: Path, pairs: Pairs) -> tuple[LabelledImage, ...]:
    """Without hidden files, such as archives of a Mac hold beside each image; the suite's ``glob``
    does not see them either.
    """
    images, labels = (
        sorted(file for file in folder.glob(pattern) if not file.name.startswith("."))
        for pattern in (pairs.image, pairs.label)
    )
    if len(images) != len(labels):
        raise InputError(
            f"{len(images)} images and {len(labels)} label maps",
            file=str(folder),
            hint=f"each {pairs.image} needs a {pairs.label}",
        )
    return tuple(map(LabelledImage, images, labels))


def read_labels(file: Path, shift: int) -> npt.NDArray[np.int64]:
    """The labels of an image, (H, W) in valid files, shifted modulo 256; raises InputError."""
    try:
        with Image.open(file) as image:
            labels = np.asarray(image)
    except (OSError, ValueError) as error:
        raise InputError(
            f"the label map cannot be read: {error}", file=str(file), hint="check the data set"
        ) from error
    if shift:
        labels = (labels.astype(np.int64) + shift).astype(np.uint8)
    return labels.astype(np.int64)
