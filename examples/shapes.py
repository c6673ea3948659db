"""Draws the scenes of the example data sets: textured shapes on textured grounds, hard to see.

Every scene is a pure function of its seed. Colours of objects and ground come close to each
other, shapes overlap, blur and noise are added, so that a small network reaches a score well
between chance and perfection and a careless quantisation costs it several points.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

CLASSES = ("disc", "box", "triangle", "star", "ring")
"""Names of the shapes; the label of shape ``i`` is ``i + 1``, label 0 is the ground."""

MIN_VISIBLE = 0.35
"""An object of which a smaller share stays visible is not annotated for detection."""


@dataclass(frozen=True)
class Scene:
    """One picture with its ground truth.

    ``image``: (H, W, 3) uint8, BGR. ``labels``: (H, W) uint8, 0 is ground.
    ``boxes``: (class index from 0, x, y, width, height, visible area), all in pixels.
    """

    image: Image
    labels: Image
    boxes: tuple[tuple[int, int, int, int, int, int], ...]


def draw_scene(seed: int, height: int, width: int) -> Scene:
    """Draws the scene number ``seed``; the same numbers always give the same pixels."""
    rng = np.random.default_rng(seed)
    canvas = _texture(rng, height, width, rng.uniform(60, 195, 3), strength=26)
    labels = np.zeros((height, width), np.uint8)
    owners = np.zeros((height, width), np.uint8)
    count = int(rng.integers(2, 7))
    kinds = rng.integers(0, len(CLASSES), count)
    for owner, kind in enumerate(kinds, start=1):
        mask = _shape_mask(rng, int(kind), height, width)
        ground = canvas.reshape(-1, 3).mean(axis=0)
        shift = rng.choice([-1.0, 1.0], 3) * rng.uniform(14, 70, 3)
        fill = _texture(rng, height, width, np.clip(ground + shift, 15, 240), strength=20)
        canvas = np.where(mask[..., None], fill, canvas)
        labels[mask], owners[mask] = kind + 1, owner
    for _ in range(int(rng.integers(2, 6))):
        _draw_clutter(rng, canvas)
    boxes = _visible_boxes(owners, [int(kind) for kind in kinds])
    return Scene(_finish(rng, canvas), labels, boxes)


def _texture(
    rng: np.random.Generator,
    height: int,
    width: int,
    colour: npt.NDArray[np.float64],
    strength: float,
) -> npt.NDArray[np.float32]:
    """(H, W, 3) float32: ``colour`` with smooth blotches of the given strength, in grey levels."""
    coarse = rng.normal(0, 1, (max(2, height // 24), max(2, width // 24), 3)).astype(np.float32)
    blotches = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.asarray(colour, np.float32) + np.float32(strength) * blotches)


def _shape_mask(
    rng: np.random.Generator, kind: int, height: int, width: int
) -> npt.NDArray[np.bool_]:
    """(H, W) bool: where one shape of the given kind lies; it may reach past the border."""
    radius = float(rng.uniform(0.11, 0.27)) * min(height, width)
    centre = np.array([rng.uniform(0.1, 0.9) * width, rng.uniform(0.1, 0.9) * height])
    angle = float(rng.uniform(0, 2 * np.pi))
    mask = np.zeros((height, width), np.uint8)
    if CLASSES[kind] in ("disc", "ring"):
        axes = (int(radius), max(3, int(radius * rng.uniform(0.75, 1.0))))
        middle = (int(centre[0]), int(centre[1]))
        cv2.ellipse(mask, middle, axes, float(np.degrees(angle)), 0, 360, 1, -1)
        if CLASSES[kind] == "ring":
            inner = (max(1, int(axes[0] * 0.5)), max(1, int(axes[1] * 0.5)))
            cv2.ellipse(mask, middle, inner, float(np.degrees(angle)), 0, 360, 0, -1)
    else:
        corners = _corners(CLASSES[kind], radius, angle, float(rng.uniform(0.6, 1.0)))
        cv2.fillPoly(mask, [np.round(corners + centre).astype(np.int32)], 1)
    return mask.astype(bool)


def _corners(kind: str, radius: float, angle: float, squeeze: float) -> npt.NDArray[np.float64]:
    """(N, 2) corner points around the origin, in pixels."""
    if kind == "box":
        half = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * radius * np.array([1.0, squeeze])
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        return np.asarray(half @ turn.T)
    spikes = 3 if kind == "triangle" else 10
    angles = angle + np.arange(spikes) * 2 * np.pi / spikes
    radii = np.full(spikes, radius)
    if kind == "star":
        radii[1::2] *= 0.45
    return np.stack([np.cos(angles) * radii, np.sin(angles) * radii], axis=1)


def _draw_clutter(rng: np.random.Generator, canvas: npt.NDArray[np.float32]) -> None:
    """Draws a thin line across the canvas, in place; it belongs to no class."""
    height, width = canvas.shape[:2]
    ends = rng.integers(0, [width, height], (2, 2))
    colour = [float(c) for c in rng.uniform(30, 225, 3)]
    start, stop = ((int(x), int(y)) for x, y in ends)
    cv2.line(canvas, start, stop, colour, int(rng.integers(1, 3)))


def _visible_boxes(
    owners: Image, kinds: list[int]
) -> tuple[tuple[int, int, int, int, int, int], ...]:
    boxes = []
    for owner, kind in enumerate(kinds, start=1):
        ys, xs = np.nonzero(owners == owner)
        if len(xs) < 40:
            continue
        x, y = int(xs.min()), int(ys.min())
        width, height = int(xs.max()) - x + 1, int(ys.max()) - y + 1
        if len(xs) >= MIN_VISIBLE * width * height * 0.5:
            boxes.append((kind, x, y, width, height, len(xs)))
    return tuple(boxes)


def _finish(rng: np.random.Generator, canvas: npt.NDArray[np.float32]) -> Image:
    """Blur, light and noise as a cheap camera adds them."""
    blurred = cv2.GaussianBlur(canvas, (0, 0), float(rng.uniform(0.4, 1.3)))
    lit = blurred * np.float32(rng.uniform(0.75, 1.2)) + np.float32(rng.uniform(-15, 15))
    noisy = lit + rng.normal(0, rng.uniform(4, 13), lit.shape).astype(np.float32)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)
