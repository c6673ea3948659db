"""The inputs of an export and of a compression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compress.artifacts.artifact import Artifact
from compress.recipes.parse import ParsedRecipe
from compress.sandbox.covers import Cover
from compress.source import SuiteSource, fingerprint_data
from compress.suites import find_dialect
from compress.suites.dialect import Document, Impact
from compress.suites.impact import view


@dataclass(frozen=True)
class ExportSpec:
    """``resolved``: the model config. ``weights``: a checked file, None for initial weights.
    ``input_shape`` (N, C, H, W) is the shape at which the model is measured; with
    ``dynamic_shape`` the exported program takes any height and width.
    """

    resolved: Document
    weights: Path | None
    input_shape: tuple[int, ...]
    output_op: str
    dynamic_shape: bool = False

    @property
    def exported_shape(self) -> tuple[int, ...]:
        """(N, C, H, W) of the program's image input, -1 where it is free."""
        return (*self.input_shape[:2], -1, -1) if self.dynamic_shape else self.input_shape


@dataclass(frozen=True)
class CompressSpec:
    """``data_config``: resolved config of the data; ``data``: the folders that compression and
    evaluation read, None for synthetic batches. ``seed`` is used for training and for drawing
    batches. ``accuracy`` measures one trial of a search; None without trained weights or labelled
    images. ``covers`` finds the folders with what compressed models are scored by, which no worker
    that reads data may see.
    """

    recipe: ParsedRecipe
    data_config: Document | None
    data: tuple[Path, ...] | None
    input_shape: tuple[int, ...]
    seed: int = 0
    accuracy: Callable[[Artifact], float] | None = None
    covers: Callable[[], tuple[Cover, ...]] = tuple


READ_FOR_EXPORT: tuple[Impact, ...] = ("graph", "evaluation")
"""PaddleDetection writes ``metric`` and the names of ``TestDataset`` beside the exported model."""
READ_FOR_COMPRESSION: tuple[Impact, ...] = ("graph", "compression", "evaluation")


def data_view(source: SuiteSource, spec: CompressSpec) -> Document | None:
    """The config by which workers read data; None for synthetic batches."""
    if spec.data_config is None or spec.data is None:
        return None
    return view(spec.data_config, find_dialect(source.dialect), READ_FOR_COMPRESSION)


def data_part(source: SuiteSource, spec: CompressSpec) -> list[Any] | None:
    """The part of a key that stands for the data; None for synthetic batches."""
    if spec.data is None or (read := data_view(source, spec)) is None:
        return None
    return [read, [fingerprint_data(folder) for folder in spec.data]]
