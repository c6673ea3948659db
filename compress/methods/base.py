"""What a compression method is given and has to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Batches:
    """``loader``: a ``paddle.io.DataLoader`` of dicts by feed name."""

    loader: Any
    batch_size: int


@dataclass(frozen=True)
class CompressionJob:
    """``model``: a private copy that may be changed; ``sections``: the normalised recipe, its
    iterations already cut to the budget; ``variables``: names in the exported program;
    ``vector_products``: names of one-dimensional weights of matrix products.
    """

    model: Path
    sections: dict[str, Any]
    batches: Batches
    out: Path
    variables: set[str]
    vector_products: list[str]


class Method(Protocol):
    """One way to compress an inference model."""

    def compress(self, job: CompressionJob) -> list[str]:
        """Writes ``model.pdmodel`` and ``model.pdiparams`` to ``job.out``; returns remarks."""
