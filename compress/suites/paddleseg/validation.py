"""What keeps a config's accuracy from being measured as the suite does, and its channels. Pure.

The suite undoes resizing and padding before it scores (``paddleseg/core/infer.py``,
``reverse_transform``), and reads labels unchanged (``paddleseg/datasets/dataset.py``: there are no
``gt_fields`` in validation). Any other transform that moves pixels leaves labels behind.
"""

from __future__ import annotations

from collections.abc import Iterator

from compress.suites.dialect import Document
from compress.suites.parts import section
from core.errors import InputError

SCALES = {
    "ResizeRangeScaling": ("min_value", "max_value", 400, 600),
    "ResizeStepScaling": ("min_scale_factor", "max_scale_factor", 0.75, 1.25),
}
"""Transforms that draw a size between two values, with the suite's defaults."""
CHANCE = "draws what it does to each image, so that chance decides the score"
MOST_CHANNELS = 64
"""More channels are no images: then the manifest's number counts."""
UNDOABLE = {
    "PaddingCrop": "takes a part of each image, and the labels belong to the whole",
    "CenterCrop": "takes a part of each image, and the labels belong to the whole",
    "Crop": "takes a part of each image, and the labels belong to the whole",
    "ScalePadding": "moves the image, and the labels stay where they are",
    "AddMultiLabelAuxiliaryCategory": "gives a pixel several labels, and slimgate scores one",
}
"""Why a transform with this in its name cannot be scored."""


def unrepeatable(resolved: Document) -> Iterator[InputError]:
    """The transforms of the evaluation after which no score is the suite's, by key and reason."""
    steps = section(resolved, "val_dataset").get("transforms")
    for number, step in enumerate(steps if isinstance(steps, list) else ()):
        if not isinstance(step, dict):
            continue
        key, kind = f"val_dataset.transforms[{number}]", str(step.get("type"))
        reason = next((why for part, why in UNDOABLE.items() if part in kind), None)
        if reason is not None:
            yield InputError(f"{kind} {reason}", key=key)
        elif draws(step):
            yield InputError(f"{kind} {CHANCE}", key=key)


def draws(step: Document) -> bool:
    """Whether a transform acts by chance."""
    kind = str(step.get("type"))
    if kind in SCALES:
        low, high, least, most = SCALES[kind]
        return bool(step.get(low, least) != step.get(high, most))
    if kind == "Resize":
        return step.get("interp") == "RANDOM"
    if kind == "ResizeByShort":
        return isinstance(step.get("short_size"), list)
    return kind.startswith("Random") and step.get("prob") != 0


def channels(resolved: Document) -> int | None:
    """The number of channels of images: the model's, else the data sets', which the suite copies
    into a model without them (``cvlibs/config_checker.py``, ``DefaultSyncImgChannelsRule``).
    """
    model = section(resolved, "model")
    network = section(model, "backbone") or model
    sets = (section(resolved, name) for name in ("train_dataset", "val_dataset"))
    counts = [network.get("in_channels"), *(data.get("img_channels") for data in sets)]
    return next((n for n in counts if type(n) is int and 0 < n <= MOST_CHANNELS), None)
