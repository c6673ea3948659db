"""Draws images with their truth, two predictions, and where these disagree."""

from __future__ import annotations

import colorsys
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from bench.metrics.boxes import DETECTIONS
from bench.metrics.label_maps import read_labels
from bench.metrics.miou import MAPS, read_map
from bench.requests import PREDICTIONS
from bench.result import Picture

PICTURES, WIDTH, SHOWN_SCORE = 3, 240, 0.4
DIFFERENT, EQUAL = (235, 60, 70), (225, 228, 232)
Pixels = npt.NDArray[np.uint8]
Panels = dict[str, Image.Image]


def draw_pictures(job: str, folders: tuple[Path, Path], out: Path) -> tuple[Picture, ...]:
    """Draws the images on which fp32 and the compressed model disagree most.

    ``folders``: the store's accuracy entries of both, fp32 first. PNG files are written to
    ``out/JOB/``. Returns no picture if the images are missing. Runs in workers only, since
    predictions are untrusted.
    """
    before, after = folders
    index = json.loads((before / "index.json").read_text())
    if not Path(index["images"][0][0]).exists():
        return ()
    draw = {"segmentation": _segmentation, "detection": _detection}[index["task"]]
    pictures = []
    for number, (title, panels) in enumerate(draw(index, before, after)):
        files = {}
        for name, panel in panels.items():
            path = out / job / f"{number}-{name.replace(' ', '-')}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            height = round(panel.height * WIDTH / panel.width)
            panel.resize((WIDTH, height), Image.Resampling.NEAREST).save(path, optimize=True)
            files[name] = path.relative_to(out).as_posix()
        pictures.append(Picture(title=title, panels=files))
    return tuple(pictures)


def palette(classes: int) -> Pixels:
    """(classes, 3) RGB: black for class 0, then hues spread by the golden ratio."""
    hues = [(0.11 + i * 0.61803) % 1 for i in range(classes)]
    colours = [colorsys.hls_to_rgb(hue, 0.55, 0.65) for hue in hues]
    table = (np.array(colours) * 255).astype(np.uint8)
    table[0] = (24, 26, 32)
    return table


def _segmentation(index: dict[str, Any], before: Path, after: Path) -> list[tuple[str, Panels]]:
    shares = {}
    for number, (_, label_path) in enumerate(index["images"]):
        with Image.open(label_path) as label:
            shape = (label.height, label.width)
        old, new = (_map(folder, number, shape) for folder in (before, after))
        shares[number] = (float(np.mean(old != new)), shape)
    worst = sorted(shares, key=lambda number: -shares[number][0])[:PICTURES]
    return [
        (
            f"{Path(index['images'][number][0]).name}: {share:.1%} of pixels differ",
            _label_panels(index, number, _map(before, number, shape), _map(after, number, shape)),
        )
        for number, (share, shape) in ((number, shares[number]) for number in worst)
    ]


def _map(folder: Path, number: int, shape: tuple[int, int]) -> npt.NDArray[np.int64]:
    return read_map(folder / PREDICTIONS / MAPS / f"{number}.z", shape)


def _label_panels(
    index: dict[str, Any], number: int, old: npt.NDArray[Any], new: npt.NDArray[Any]
) -> Panels:
    image_path, label_path = index["images"][number]
    colours = palette(index["num_classes"])
    truth = read_labels(Path(label_path), index["shift"])
    ignored = truth == index["ignore_index"]
    differs = np.where((old != new)[..., None], DIFFERENT, EQUAL)
    return {
        "input": Image.open(image_path).convert("RGB"),
        "truth": Image.fromarray(colours[np.where(ignored, 0, truth) % len(colours)]),
        "fp32": Image.fromarray(colours[old % len(colours)]),
        "compressed": Image.fromarray(colours[new % len(colours)]),
        "disagreement": Image.fromarray(differs.astype(np.uint8)),
    }


def _detection(index: dict[str, Any], before: Path, after: Path) -> list[tuple[str, Panels]]:
    old, new = _boxes_by_image(before), _boxes_by_image(after)
    paths = {image_id: path for path, image_id in index["images"]}
    only = {i: (_without(old[i], new[i]), _without(new[i], old[i])) for i in paths}
    worst = sorted(paths, key=lambda i: -sum(map(len, only[i])))[:PICTURES]
    truth = _truth(index)
    return [
        (
            f"{Path(paths[i]).name}: {len(only[i][0])} boxes lost, {len(only[i][1])} gained",
            _box_panels(paths[i], truth[i], old[i], new[i], only[i]),
        )
        for i in worst
    ]


def _box_panels(
    path: str,
    truth: list[dict[str, Any]],
    old: list[dict[str, Any]],
    new: list[dict[str, Any]],
    only: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> Panels:
    image = Image.open(path).convert("RGB")
    colours = palette(64)

    def drawn(boxes: list[dict[str, Any]], colour: Callable[[dict[str, Any]], Any]) -> Image.Image:
        panel = image.resize((WIDTH, round(image.height * WIDTH / image.width)))
        scale = WIDTH / image.width
        for box in boxes:
            x, y, width, height = (value * scale for value in box["bbox"])
            corners = [x, y, max(x, x + width), max(y, y + height)]
            ImageDraw.Draw(panel).rectangle(corners, outline=tuple(colour(box)), width=2)
        return panel

    def by_category(box: dict[str, Any]) -> Any:
        return colours[box["category_id"] % 64].tolist()

    lost, gained = only
    marks = [*((box, (235, 60, 70)) for box in lost), *((box, (60, 130, 235)) for box in gained)]
    colour_of = {id(box): colour for box, colour in marks}
    return {
        "input": image,
        "truth": drawn(truth, by_category),
        "fp32": drawn(old, by_category),
        "compressed": drawn(new, by_category),
        "disagreement": drawn([box for box, _ in marks], lambda box: colour_of[id(box)]),
    }


def _boxes_by_image(folder: Path) -> defaultdict[int, list[dict[str, Any]]]:
    boxes: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for box in json.loads((folder / PREDICTIONS / DETECTIONS).read_text()):
        if box["score"] >= SHOWN_SCORE:
            boxes[box["image_id"]].append(box)
    return boxes


def _truth(index: dict[str, Any]) -> defaultdict[int, list[dict[str, Any]]]:
    boxes: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for box in index["objects"]:
        boxes[box["image_id"]].append(box)
    return boxes


def _without(
    boxes: Sequence[dict[str, Any]], references: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Boxes that no reference of the same category overlaps by half or more."""
    return [
        box
        for box in boxes
        if not any(
            reference["category_id"] == box["category_id"]
            and _iou(box["bbox"], reference["bbox"]) >= 0.5
            for reference in references
        )
    ]


def _iou(a: Sequence[float], b: Sequence[float]) -> float:
    """Intersection over union of two (x, y, width, height) boxes."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    shared = max(width, 0.0) * max(height, 0.0)
    union = a[2] * a[3] + b[2] * b[3] - shared
    return shared / union if union > 0 else 0.0
