"""The interface of a compression method inside workers."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from compress.artifacts.record import Made

Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Batches:
    """``loader``: a ``paddle.io.DataLoader`` of dicts by feed name; ``labelled``: the same with an
    additional ``label``, None if the data has no labels; ``length``: batches in one pass;
    ``sizes``: (height, width) of the images read so far.
    """

    loader: Any
    batch_size: int
    length: int
    labelled: Any | None = None
    sizes: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True)
class CompressionJob:
    """``model`` and ``teacher``: private copies to be changed at will; the teacher is uncompressed.
    ``sections``: the normalised recipe of this step, with iterations already cut to the budget.
    ``variables``: names in the exported program. ``layers``: the suite's name by parameter
    (``decoder.last_conv.weight``), empty if unknown. ``vector_products``: one-dimensional weights
    of matrix products. ``executor`` runs batches of the model; ``tell`` reports progress.
    """

    model: Path
    teacher: Path
    sections: dict[str, Any]
    batches: Batches
    out: Path
    variables: set[str]
    layers: Mapping[str, str]
    vector_products: list[str]
    executor: Any
    tell: Tell


class Method(Protocol):
    """One way to compress an inference model."""

    def compress(self, job: CompressionJob) -> Made:
        """Writes ``model.pdmodel`` and ``model.pdiparams`` to ``job.out``."""


def load_method(name: str) -> Method:
    """The method of that name, which must be one of ``compress.methods.NAMES``."""
    method: Method = importlib.import_module(f"compress.methods.{name}.in_worker.method").METHOD
    return method
