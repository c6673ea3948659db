"""What a suite's pure part and its driver have to offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeGuard

import numpy.typing as npt

from compress.safe_yaml import TAG_KEY

Document = dict[str, Any]
Impact = Literal["graph", "evaluation", "compression", "training"]
IMPACTS: tuple[Impact, ...] = ("graph", "evaluation", "compression", "training")
"""Strongest first: what a changed key can touch."""

Feed = dict[str, npt.NDArray[Any]]
Split = Literal["evaluation", "training"]
SPLITS: tuple[Split, ...] = ("evaluation", "training")
"""The labelled images of a config that a model can be judged on."""


@dataclass(frozen=True)
class DataPlace:
    """``root``: folder of a data set; ``index``: the list or annotation file without which the
    folder is empty, both as configs write them; None where the config names none.
    """

    root: str | None
    index: str | None


Normalisation = tuple[str, ...] | None
"""Each step in words that can be compared; None if the config does not say."""


class Dialect(Protocol):
    """How a suite writes configs; pure, standard library and YAML only."""

    @property
    def base_key(self) -> str:
        """The key under which a config names its bases."""

    @property
    def code(self) -> tuple[str, ...]:
        """Top-level folders that hold the suite's packages."""

    @property
    def data_dir(self) -> str:
        """The folder that configs read data from, unless the manifest says otherwise."""

    def bases(self, document: Document) -> Sequence[str]:
        """Relative paths of the files that the document inherits from, in the suite's order."""

    def combine(self, document: Document, bases: Sequence[Document]) -> Document:
        """The resolved form of a document, given the resolved forms of its bases."""

    def is_model(self, resolved: Document) -> bool:
        """Whether a resolved document describes a whole model (not a shared fragment)."""

    def impact(self, key: str) -> Impact:
        """What a difference at the dotted path ``key`` can touch."""

    def input_shape(self, resolved: Document) -> tuple[int, ...]:
        """(N, C, H, W) to export with when the manifest names none."""

    def normalisation(self, resolved: Document) -> tuple[Normalisation, Normalisation]:
        """How training and evaluation normalise images, with the suite's defaults."""

    def evaluation_size(self, resolved: Document) -> tuple[int, int] | None:
        """(height, width) that evaluation makes of every image, None if they differ."""

    def evaluation_data(self, resolved: Document) -> DataPlace:
        """Where the evaluation data lies, as written in the config."""

    def training_data(self, resolved: Document) -> DataPlace:
        """Where the data that compression learns from lies, as written in the config."""


@dataclass(frozen=True)
class Sample:
    """One labelled image, preprocessed as the config says.

    ``feeds``: what the model takes, by the suite's name (``image``, ``scale_factor``, …), each
    with a leading batch dimension of 1. ``truth``: (H, W) labels for segmentation, the image's
    id for detection. ``context``: what ``decode`` needs to undo the preprocessing.
    """

    image_path: str
    feeds: Feed
    truth: Any
    context: Any


@dataclass(frozen=True)
class TrainingData:
    """Samples for calibration and distillation. ``dataset``: a ``paddle.io.Dataset``;
    ``collate`` turns a list of its samples into one batch of feeds by the suite's names;
    ``labelled``: with ``label`` among them, (N, H, W) int64 for segmentation.
    """

    dataset: Any
    batch_size: int
    collate: Callable[[list[Any]], Feed]
    labelled: bool = False


class Validation(Protocol):
    """The labelled images of one split. ``task`` names the metric's module in bench.metrics."""

    task: Literal["segmentation", "detection"]

    def __len__(self) -> int:
        """Number of samples."""

    def __iter__(self) -> Iterator[Sample]:
        """The samples, in the suite's order."""

    def decode(self, outputs: Sequence[npt.NDArray[Any]], sample: Sample) -> Any:
        """The prediction at the size of the original image, from the model's raw outputs.

        Segmentation: (H, W) int64 labels. Detection: COCO result dicts.
        """

    def description(self) -> dict[str, Any]:
        """What scoring needs to know once: class count and names, ignored label, annotations."""


class Driver(Protocol):
    """What only the suite's own code can do; used inside worker processes."""

    def export(
        self, config: Path, weights: Path | None, shape: Sequence[int], output_op: str, out: Path
    ) -> list[str]:
        """Writes ``out/model.pdmodel`` and ``out/model.pdiparams``; returns remarks."""

    def training_data(self, config: Path) -> TrainingData:
        """What compression learns from."""

    def validation(
        self, config: Path, limit: int | None, split: Split = "evaluation"
    ) -> Validation:
        """The images of a split, read as the evaluation reads them: at most ``limit``, spread
        evenly over it. Training images that the evaluation has, too, are left out.
        """


def is_mergeable(value: object) -> bool:
    """Whether a value merges key by key: a mapping, but not a tagged one (an object)."""
    return isinstance(value, dict) and TAG_KEY not in value


def impact_of(keys: Sequence[str], dialect: Dialect) -> Impact:
    """The strongest impact among the keys; ``training`` for none."""
    found = {dialect.impact(key) for key in keys}
    return next((impact for impact in IMPACTS if impact in found), "training")


def spread(count: int, limit: int | None) -> list[int]:
    """At most ``limit`` indices of ``count``, spread evenly; the same ones every time."""
    if limit is None or limit >= count:
        return list(range(count))
    return [index * count // limit for index in range(limit)]


def without_downloads(document: Any) -> Any:
    """The document with every ``pretrained`` address emptied: nothing is fetched while building."""
    if isinstance(document, dict):
        return {
            key: None
            if key == "pretrained" and isinstance(value, str)
            else without_downloads(value)
            for key, value in document.items()
        }
    return [without_downloads(v) for v in document] if isinstance(document, list) else document


@dataclass(frozen=True)
class ImpactTable:
    """Dotted paths by what they can touch; every other key counts as ``graph``.

    ``graph`` holds exceptions below paths that the other tables name.
    """

    training: tuple[str, ...]
    compression: tuple[str, ...]
    evaluation: tuple[str, ...]
    graph: tuple[str, ...] = ()

    def impact(self, key: str) -> Impact:
        """The impact of the key, looked up by prefix; exceptions first, then training."""
        tables: tuple[tuple[Impact, tuple[str, ...]], ...] = (
            ("graph", self.graph),
            ("training", self.training),
            ("compression", self.compression),
            ("evaluation", self.evaluation),
        )
        return next((name for name, keys in tables if starts_with_any(key, keys)), "graph")


def listed_bases(document: Document, key: str) -> Sequence[str]:
    """The bases that a document names, as one path or a list of them."""
    named = document.get(key) or []
    return named if isinstance(named, list) else [named]


def section(document: Document, key: str) -> Document:
    """The mapping under the key; empty where there is none."""
    value = document.get(key)
    return value if isinstance(value, dict) else {}


def mappings_in(value: object) -> list[Document]:
    """The mappings of a list; empty for anything else."""
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def in_words(steps: Iterable[Document]) -> tuple[str, ...]:
    """``mean=[0.5] std=[0.5]`` for each step, in order of the names; ``0`` and ``0.0`` are one."""
    return tuple(
        " ".join(f"{key}={_in_words(value)}" for key, value in sorted(step.items()))
        for step in steps
    )


def _in_words(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_in_words, value))}]"
    return str(float(value)) if type(value) is int else str(value)


def is_size(value: object, length: int = 2) -> TypeGuard[list[int]]:
    """Whether a value lists so many positive whole numbers."""
    return (
        isinstance(value, list)
        and len(value) == length
        and all(isinstance(n, int) and n > 0 for n in value)
    )


def text_or_none(value: object) -> str | None:
    """The value if it is text."""
    return value if isinstance(value, str) else None


def starts_with_any(key: str, prefixes: Sequence[str]) -> bool:
    """Whether the dotted path lies at or below one of the prefixes."""
    return any(key == prefix or key.startswith(prefix + ".") for prefix in prefixes)
