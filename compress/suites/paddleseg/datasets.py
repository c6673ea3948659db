"""Where PaddleSeg's data sets keep images and label maps, so that labels can be read outside of the
suite's code (``paddleseg/datasets/*.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from compress.suites.dialect import Document, Scoring
from compress.suites.pairs import Pairs
from compress.suites.parts import section, text_or_none


@dataclass(frozen=True)
class DataSet:
    """A type of data set: its classes (None if a config says how many) and its pairs by mode."""

    classes: int | None
    pairs: Mapping[str, Pairs]


def _lists(train: str, val: str, **settings: str | None) -> dict[str, Pairs]:
    return {"train": Pairs(train, **settings), "val": Pairs(val, **settings)}  # type: ignore[arg-type]


def _files(modes: Mapping[str, str], image: str, label: str, shift: int = 0) -> dict[str, Pairs]:
    return {
        mode: Pairs(None, False, None, image.format(folder), label.format(folder), shift)
        for mode, folder in modes.items()
    }


MODES = {"train": "train", "val": "val"}
VOC = {"image": "VOC2012/JPEGImages/{}.jpg", "label": "VOC2012/SegmentationClass/{}.png"}
CONTEXT = {"image": "JPEGImages/{}.jpg", "label": "Context/{}.png"}
LISTS = ("train_list.txt", "val_list.txt")
DATA_SETS = {
    "Dataset": DataSet(None, {"train": Pairs(), "val": Pairs()}),
    "Cityscapes": DataSet(
        19,
        _files(
            MODES,
            "leftImg8bit/{}/*/*_leftImg8bit.png",
            "gtFine/{}/*/*_gtFine_labelTrainIds.png",
        ),
    ),
    "ADE20K": DataSet(
        150,
        _files(
            {"train": "training", "val": "validation"},
            "images/{}/*.jpg",
            "annotations/{}/*.png",
            -1,
        ),
    ),
    "CocoStuff": DataSet(171, _files(MODES, "images/{}2017/*.jpg", "annotations/{}2017/*.png")),
    "PascalVOC": DataSet(
        21,
        _lists(
            "VOC2012/ImageSets/Segmentation/train.txt",
            "VOC2012/ImageSets/Segmentation/val.txt",
            **VOC,
        ),
    ),
    "PascalContext": DataSet(
        60,
        _lists(
            "ImageSets/Segmentation/train_context.txt",
            "ImageSets/Segmentation/val_context.txt",
            **CONTEXT,
        ),
    ),
    "PPHumanSeg14K": DataSet(2, _lists("train.txt", "val.txt", separator=" ")),
    "MiniDeepGlobeRoadExtraction": DataSet(2, _lists("train.txt", "val.txt", separator="|")),
    **{
        name: DataSet(2, _lists(*LISTS))
        for name in ("OpticDiscSeg", "CHASEDB1", "DRIVE", "HRF", "STARE")
    },
}
IGNORED = 255
"""The label that all of them ignore, unless a config of type ``Dataset`` says otherwise."""


def scoring_of(resolved: Document, name: str) -> Scoring:
    """How the section's images are scored: pairs, number of classes and ignored label. Scoring is
    ``unreadable`` for a data set whose labels only the suite's code can read.
    """
    dataset = section(resolved, name)
    kind, mode = text_or_none(dataset.get("type")) or "", str(dataset.get("mode", "train")).lower()
    known = DATA_SETS.get(kind)
    pairs = known.pairs.get(mode) if known else None
    if known is None or pairs is None:
        what = f"data set {kind}" if known is None else f"data set {kind} in mode {mode}"
        return Scoring("miou", name, unreadable=f"only the suite's code can read the {what}")
    classes, ignored = known.classes, IGNORED
    if classes is None:
        classes, ignored = dataset.get("num_classes"), dataset.get("ignore_index", IGNORED)
        pairs = replace(pairs, separator=dataset.get("separator", " "))
    if type(classes) is not int or type(ignored) is not int or classes < 1:
        reason = f"{name}.num_classes and ignore_index have to be whole numbers"
        return Scoring("miou", name, unreadable=reason)
    return Scoring("miou", name, {"pairs": pairs, "classes": classes, "ignored": ignored})
