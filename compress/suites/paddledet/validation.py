"""What keeps a config's accuracy from being measured as the suite does. Pure.

The suite scores boxes against the annotations of whole, unchanged images. It undoes resizing alone,
by ``scale_factor``.
"""

from __future__ import annotations

from collections.abc import Iterator

from compress.suites.dialect import Document
from compress.suites.parts import mappings_in, section
from core.errors import InputError

UNDOABLE = {
    "Multiscale": "runs each image at several sizes, and an exported model is run at one",
    "Crop": "takes a part of each image, and the annotations belong to the whole",
    **dict.fromkeys(
        ("Mosaic", "Mixup", "Cutmix"), "joins images, and the annotations belong to one"
    ),
    **dict.fromkeys(
        ("Random", "Augment", "Distort", "GridMask", "Flip", "StrongAug"),
        "draws what it does to each image, so that chance decides the score",
    ),
}
"""Why a transform with this in its name cannot be scored; the first that fits counts."""


def unrepeatable(resolved: Document) -> Iterator[InputError]:
    """The transforms of the evaluation after which no score is the suite's, by key and reason."""
    reader = section(resolved, "EvalReader")
    for key in ("sample_transforms", "batch_transforms"):
        for number, step in enumerate(mappings_in(reader.get(key))):
            for name in step:
                reason = next((why for part, why in UNDOABLE.items() if part in name), None)
                if reason is not None:
                    yield InputError(f"{name} {reason}", key=f"EvalReader.{key}[{number}]")
