"""What a suite's pure part and its driver have to offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Document = dict[str, Any]
Impact = Literal["graph", "evaluation", "compression", "training"]

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


@dataclass(frozen=True)
class Scoring:
    """How a config is judged. ``metric``: a name in ``bench.metrics``; ``section``: the config's
    section with the data set; ``settings``: what the metric wants to know, as the config has it.
    """

    metric: str
    section: str
    settings: Mapping[str, Any] = field(default_factory=dict)


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

    def scoring(self, resolved: Document, split: Split) -> Scoring:
        """By which metric the images of a split are judged."""

    def evaluation_data(self, resolved: Document) -> DataPlace:
        """Where the evaluation data lies, as written in the config."""

    def training_data(self, resolved: Document) -> DataPlace:
        """Where the data that compression learns from lies, as written in the config."""
