"""Makes the example data sets: ``python -m examples.make_data seg|det DIR``.

Deterministic: the same counts give the same bytes. A finished data set carries a stamp
file, so that a second call costs nothing and an interrupted one starts over.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from examples.shapes import CLASSES, Scene, draw_scene

TRAIN_IMAGES, VAL_IMAGES = 360, 240
SIZES = ((144, 192), (192, 192), (192, 256), (256, 256), (240, 320), (320, 240))
"""(height, width) in pixels of the pictures; validation meets them all."""

STAMP = "COMPLETE"
FIRST_SEED = {
    ("seg", "train"): 0,
    ("seg", "val"): 1_000_000,
    ("det", "train"): 2_000_000,
    ("det", "val"): 3_000_000,
}
"""Far apart, so that no picture of one part ever shows up in another."""


def make_dataset(kind: str, root: Path, train: int = TRAIN_IMAGES, val: int = VAL_IMAGES) -> bool:
    """Writes the data set ``kind`` (``seg`` or ``det``) to ``root``.

    Returns whether anything had to be made. Raises KeyError for an unknown kind.
    """
    write = {"seg": _write_segmentation, "det": _write_detection}[kind]
    stamp, text = root / STAMP, f"{kind} train={train} val={val} format=2\n"
    if stamp.exists() and stamp.read_text() == text:
        return False
    shutil.rmtree(root, ignore_errors=True)
    for part, count in (("train", train), ("val", val)):
        write(root, part, _scenes(kind, part, count))
    stamp.write_text(text)
    return True


def _scenes(kind: str, part: str, count: int) -> Iterator[tuple[str, Scene]]:
    first = FIRST_SEED[kind, part]
    for index in range(count):
        rng = np.random.default_rng(first + index)
        height, width = SIZES[int(rng.integers(len(SIZES)))]
        yield f"{index:05d}.png", draw_scene(first + index, height, width)


def _write_segmentation(root: Path, part: str, scenes: Iterator[tuple[str, Scene]]) -> None:
    """Cityscapes-like file lists: one line ``image label`` for each picture."""
    images, labels = root / "images" / part, root / "annotations" / part
    images.mkdir(parents=True)
    labels.mkdir(parents=True)
    lines = []
    for name, scene in scenes:
        cv2.imwrite(str(images / name), scene.image)
        cv2.imwrite(str(labels / name), scene.labels)
        lines.append(f"images/{part}/{name} annotations/{part}/{name}\n")
    (root / f"{part}.txt").write_text("".join(lines))


def _write_detection(root: Path, part: str, scenes: Iterator[tuple[str, Scene]]) -> None:
    """COCO annotations; boxes are (x, y, width, height) in pixels."""
    (root / part).mkdir(parents=True)
    (root / "annotations").mkdir(exist_ok=True)
    images: list[dict[str, object]] = []
    annotations: list[dict[str, object]] = []
    for name, scene in scenes:
        cv2.imwrite(str(root / part / name), scene.image)
        height, width = scene.labels.shape
        image_id = len(images) + 1
        images.append({"id": image_id, "file_name": name, "height": height, "width": width})
        for kind, x, y, box_width, box_height, area in scene.boxes:
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image_id,
                    "category_id": kind + 1,
                    "bbox": [x, y, box_width, box_height],
                    "area": area,
                    "iscrowd": 0,
                }
            )
    categories = [{"id": i, "name": name} for i, name in enumerate(CLASSES, start=1)]
    info = {"description": "shapes, made by slimgate"}  # pycocotools asks for it
    text = json.dumps(
        {"info": info, "images": images, "annotations": annotations, "categories": categories}
    )
    (root / "annotations" / f"instances_{part}.json").write_text(text)


if __name__ == "__main__":
    made = make_dataset(sys.argv[1], Path(sys.argv[2]))
    print(f"{sys.argv[2]}: {'made' if made else 'up to date'}")
