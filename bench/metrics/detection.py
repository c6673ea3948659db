"""COCO mean average precision that can be weighted by image.

pycocotools matches the boxes; only the accumulation is implemented here, with a weight for each
image, so that a resample costs a cumulative sum instead of a new evaluation. With all weights
1 the result equals ``COCOeval`` to the last bit (``make check-metrics``).
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from bench.metrics.base import MAX_CLASSES, Arrays, Weights
from core.errors import InputError

RECALLS = np.linspace(0.0, 1.00, int(np.round((1.00 - 0.0) / 0.01)) + 1, endpoint=True)
"""Recall thresholds exactly as ``pycocotools.cocoeval.Params`` builds them."""
Interpolation = Literal["coco", "11point", "integral"]
INTERPOLATIONS: dict[str, Interpolation] = {name: name for name in get_args(Interpolation)}
POINTS = {"coco": RECALLS, "11point": np.arange(11) / 10.0}
MAX_DETECTIONS = 100
MAX_THRESHOLDS = 100
MAX_OBJECTS = 10**6
"""More objects than one image has; sums over images and resamples of such numbers stay exact."""


class Positions(NamedTuple):
    """Indices of detections at one threshold: of true positives, and of those that do not count;
    ``uncounted_before``: for each true positive, how many before it do not count.
    """

    true: npt.NDArray[np.int64]
    uncounted: npt.NDArray[np.int64]
    uncounted_before: npt.NDArray[np.int64]


@dataclass(frozen=True)
class CategoryMatches:
    """All detections of one category, by falling score.

    ``image``: (N,) index of the image; ``hit`` and ``counted``: (thresholds, N) whether a
    detection matched an object, and whether it counts at all; ``objects``: (images,) number of
    objects in each image.
    """

    image: npt.NDArray[np.int64]
    hit: npt.NDArray[np.bool_]
    counted: npt.NDArray[np.bool_]
    objects: npt.NDArray[np.int64]

    @functools.cached_property
    def positions(self) -> tuple[Positions, ...]:
        """By threshold, what every resample looks at."""
        return tuple(map(_positions, self.hit, self.counted))


def _positions(hit: npt.NDArray[np.bool_], counted: npt.NDArray[np.bool_]) -> Positions:
    true, uncounted = np.flatnonzero(hit & counted), np.flatnonzero(~counted)
    return Positions(true, uncounted, np.searchsorted(uncounted, true))


@dataclass(frozen=True)
class DetectionStatistics:
    """Matches of every category. COCO: ten thresholds, all areas, 100 detections per image,
    precision at 101 recalls. VOC: one threshold, precision at ``11point`` recalls, or its
    ``integral``.
    """

    form: ClassVar[str] = "matches"
    resamples: ClassVar[int] = 400

    categories: tuple[CategoryMatches, ...]
    images: int
    metric: str = "mAP"
    interpolation: Interpolation = "coco"

    def __post_init__(self) -> None:
        if len(self.categories) > MAX_CLASSES:
            raise ValueError(f"more than {MAX_CLASSES} categories")
        for matches in self.categories:
            length, thresholds = len(matches.image), len(matches.hit)
            shapes = [matches.hit.shape, matches.counted.shape, matches.objects.shape]
            if shapes != [(thresholds, length)] * 2 + [(self.images,)]:
                raise ValueError("matches do not line up")
            if length and not 0 <= matches.image.min() <= matches.image.max() < self.images:
                raise ValueError(f"image indices of matches must lie below {self.images}")
            if matches.objects.dtype.kind not in "iu" or matches.objects.min(initial=0) < 0:
                raise ValueError("numbers of objects must be whole and not negative")
            if matches.objects.max(initial=0) > MAX_OBJECTS:
                raise ValueError(f"an image has more than {MAX_OBJECTS} objects of one category")
            if {matches.hit.dtype, matches.counted.dtype} != {np.dtype(bool)}:
                raise ValueError("hits must be true or false")

    @property
    def rule(self) -> str:
        return ""

    def scores(self, weights: Weights) -> npt.NDArray[np.float64]:
        return np.array([self._score(row) for row in weights])

    def _score(self, weights: npt.NDArray[np.int64]) -> float:
        by_category = [
            average_precisions(matches, weights, self.interpolation) for matches in self.categories
        ]
        precisions = [precision for precision in by_category if precision is not None]
        return float(np.mean(np.stack(precisions, axis=-1).ravel())) if precisions else 0.0

    def truth(self) -> npt.NDArray[np.int64]:
        return np.stack([matches.objects for matches in self.categories], axis=1)

    def chance(self) -> float:
        return 0.0

    def of_occurring(self) -> DetectionStatistics:
        return self

    def arrays(self) -> Arrays:
        categories = self.categories
        return {
            "metric": np.array([self.metric, self.interpolation]),
            "images": np.array(self.images),
            "lengths": np.array([len(matches.image) for matches in categories]),
            "image": np.concatenate([matches.image for matches in categories]),
            "hit": np.concatenate([matches.hit for matches in categories], axis=1),
            "counted": np.concatenate([matches.counted for matches in categories], axis=1),
            "objects": np.stack([matches.objects for matches in categories]),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> DetectionStatistics:
        if len(arrays["lengths"]) > MAX_CLASSES or len(arrays["hit"]) > MAX_THRESHOLDS:
            raise ValueError(f"more than {MAX_CLASSES} categories or {MAX_THRESHOLDS} thresholds")
        cuts = np.cumsum(arrays["lengths"])[:-1]
        parts = zip(
            np.split(arrays["image"], cuts),
            np.split(arrays["hit"], cuts, axis=1),
            np.split(arrays["counted"], cuts, axis=1),
            arrays["objects"],
            strict=True,
        )
        metric, interpolation = (str(text) for text in arrays["metric"])
        categories = tuple(CategoryMatches(*part) for part in parts)
        return cls(categories, int(arrays["images"]), metric, INTERPOLATIONS[interpolation])


def average_precisions(
    matches: CategoryMatches, weights: npt.NDArray[np.int64], interpolation: Interpolation = "coco"
) -> npt.NDArray[np.float64] | None:
    """(thresholds, recalls) interpolated precision, or (thresholds, 1) its integral; None for a
    category without objects, as in COCOeval.

    Recall rises, and precision peaks, at true positives only. So only these are looked at, which
    are few: the sums are whole numbers, and the results those of all detections.
    """
    objects = float(matches.objects @ weights)
    if objects == 0:
        return None
    weight = weights[matches.image].astype(np.float64)
    seen = np.cumsum(weight)
    rows = [
        _precisions(weight, seen, positions, objects, interpolation)
        for positions in matches.positions
    ]
    return np.stack(rows)


def _precisions(
    weight: npt.NDArray[np.float64],
    seen: npt.NDArray[np.float64],
    positions: Positions,
    objects: float,
    interpolation: Interpolation,
) -> npt.NDArray[np.float64]:
    """(recalls,) or (1,) at one threshold. ``seen``: the sum of the weights up to a detection."""
    true = np.cumsum(weight[positions.true])
    uncounted = np.concatenate([[0.0], np.cumsum(weight[positions.uncounted])])
    counted = seen[positions.true] - uncounted[positions.uncounted_before]
    recall = true / objects
    precision = true / (counted + np.spacing(1))
    if interpolation == "integral":
        gains = np.diff(recall, prepend=0.0)
        return np.asarray(np.sum(precision * gains, keepdims=True))
    envelope = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)
    return np.asarray(envelope[np.searchsorted(recall, POINTS[interpolation], side="left")])


def match_detections(
    annotations: Path, results: list[dict[str, Any]], image_ids: Sequence[int]
) -> DetectionStatistics:
    """Matches COCO results against COCO annotations; boxes are (x, y, width, height) in pixels."""
    evaluation = evaluate_coco(annotations, results, image_ids)
    parameters = evaluation.params
    count = len(parameters.imgIds)
    areas = len(parameters.areaRng)
    per_category = [
        evaluation.evalImgs[k * areas * count : k * areas * count + count]  # area 0 is "all"
        for k in range(len(parameters.catIds))
    ]
    thresholds = len(parameters.iouThrs)
    return DetectionStatistics(tuple(_gather(rows, thresholds) for rows in per_category), count)


def evaluate_coco(
    annotations: Path, results: list[dict[str, Any]], image_ids: Sequence[int]
) -> Any:
    """A ``COCOeval`` after ``evaluate()``, restricted to ``image_ids``."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    changed_ns, images = annotations.stat().st_mtime_ns, tuple(sorted(set(image_ids)))
    with contextlib.redirect_stdout(io.StringIO()):
        truth = _truth(annotations, changed_ns, images)
        results = [result for result in results if result["image_id"] in truth.imgs]
        detections = truth.loadRes(results) if results else COCO()
        if not results:
            detections.dataset = {
                "images": truth.dataset["images"],
                "annotations": [],
                "categories": truth.dataset["categories"],
            }
            detections.createIndex()
        evaluation = COCOeval(truth, detections, "bbox")
        evaluation.params.imgIds = list(image_ids)
        evaluation.evaluate()
    return evaluation


def read_annotations(file: Path) -> dict[str, Any]:
    """A COCO file, kept for the next model; raises InputError."""
    try:
        dataset = _read(file, file.stat().st_mtime_ns)
        dataset["images"], dataset["annotations"], dataset["categories"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"no COCO annotations: {error!r}", file=str(file), hint="check the data set"
        ) from error
    return dataset


@functools.lru_cache(maxsize=1)
def _read(file: Path, changed_ns: int) -> dict[str, Any]:
    del changed_ns
    content: dict[str, Any] = json.loads(file.read_bytes())
    return content


@functools.lru_cache(maxsize=1)
def _truth(annotations: Path, changed_ns: int, images: tuple[int, ...]) -> Any:
    """The annotations of these images, kept for the next model: those of a training set have
    400 MB. ``changed_ns``: the file's time of change, so that a changed file is read again.
    """
    from pycocotools.coco import COCO

    dataset, ids = _read(annotations, changed_ns), set(images)
    truth = COCO()
    truth.dataset = {
        "info": {},  # pycocotools asks for it; data sets made at home often lack it
        **dataset,
        "images": [image for image in dataset["images"] if image["id"] in ids],
        "annotations": [dict(item) for item in dataset["annotations"] if item["image_id"] in ids],
    }
    truth.createIndex()
    return truth


def _gather(rows: list[dict[str, Any] | None], thresholds: int) -> CategoryMatches:
    """One category's matches over all images, in the order of ``COCOeval.accumulate``."""
    present = [(index, row) for index, row in enumerate(rows) if row is not None]
    scores = [np.asarray(row["dtScores"][:MAX_DETECTIONS]) for _, row in present]
    order = np.argsort(-np.concatenate([*scores, np.empty(0)]), kind="mergesort")
    image = np.concatenate(
        [np.full(len(s), i) for (i, _), s in zip(present, scores, strict=True)] + [np.empty(0)]
    ).astype(np.int64)
    empty = np.zeros((thresholds, 0))
    hit = np.concatenate([r["dtMatches"][:, :MAX_DETECTIONS] for _, r in present] + [empty], 1)
    ignored = np.concatenate([r["dtIgnore"][:, :MAX_DETECTIONS] for _, r in present] + [empty], 1)
    objects = np.zeros(len(rows), np.int64)
    for index, row in present:
        objects[index] = np.count_nonzero(np.asarray(row["gtIgnore"]) == 0)
    return CategoryMatches(
        image[order], hit[:, order].astype(bool), ~ignored[:, order].astype(bool), objects
    )
