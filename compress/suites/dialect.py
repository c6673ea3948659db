"""The protocol of a dialect, the part of a suite's support that needs no Paddle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Document = dict[str, Any]
Impact = Literal["graph", "evaluation", "compression", "training"]

Split = Literal["evaluation", "training"]
SPLITS: tuple[Split, ...] = ("evaluation", "training")
"""The sets of labelled images in a config on which a model can be judged."""


@dataclass(frozen=True)
class DataPlace:
    """``root``: folder of a data set; ``index``: its list or annotation file, without which the
    folder counts as empty. Both are as the config writes them, None where it names none.
    """

    root: str | None
    index: str | None


Normalisation = tuple[str, ...] | None
"""Each normalising step as text that can be compared; None if the config lists no steps."""


@dataclass(frozen=True)
class Scoring:
    """How a config is judged. ``metric``: a name in ``bench.metrics``; ``section``: the config's
    section with the data set; ``settings``: the metric's settings, as the config writes them;
    ``unreadable``: why the truth cannot be read outside of the suite's code, empty if it can.
    """

    metric: str
    section: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    unreadable: str = ""


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

    def mentions(self, resolved: Document) -> Iterator[tuple[str, str]]:
        """The texts of a document by which the suite can find a class, with their dotted keys."""

    def is_model(self, resolved: Document) -> bool:
        """Whether a resolved document describes a whole model (not a shared fragment)."""

    def impact(self, key: str) -> Impact:
        """The part of a result that a difference at the dotted path ``key`` can touch."""

    def input_shape(self, resolved: Document) -> tuple[int, ...]:
        """(N, C, H, W) to export with when the manifest names none."""

    def normalisation(self, resolved: Document) -> tuple[Normalisation, Normalisation]:
        """How training and evaluation normalise images, with the suite's defaults."""

    def evaluation_size(self, resolved: Document) -> tuple[int, int] | None:
        """(height, width) of every image after evaluation's preprocessing; None if sizes differ."""

    def scoring(self, resolved: Document, split: Split) -> Scoring:
        """The metric by which the images of a split are judged, and its settings."""

    def evaluation_data(self, resolved: Document) -> DataPlace:
        """The place of the evaluation data, as written in the config."""

    def training_data(self, resolved: Document) -> DataPlace:
        """The place of the data that compression learns from, as written in the config."""
