"""Batches for calibration and distillation, as the ``paddle.io.DataLoader`` that PTQ insists on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import paddle

from compress.methods.base import Batches
from compress.suites.base import Feed, TrainingData

SYNTHETIC_SAMPLES = 64

Shapes = Mapping[str, tuple[int, ...]]


def suite_batches(data: TrainingData, shapes: Shapes) -> Batches:
    """The suite's training data by the model's feed names; shuffled with a fixed seed."""

    def collate(samples: list[Any]) -> Feed:
        return by_feed_name(data.collate(samples), shapes)

    batch_size = min(data.batch_size, len(data.dataset))
    return Batches(_loader(data.dataset, batch_size, collate), batch_size)


def synthetic_batches(shapes: Shapes, image_shape: list[int]) -> Batches:
    """Noise in the range of normalised images, where the suite's data cannot be had.

    Enough to build, run and time a compressed model; its accuracy means nothing.
    """
    rng = np.random.default_rng(0)

    def sample(name: str, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
        if len(shape) == 4:
            return rng.normal(0, 1, image_shape[1:]).astype(np.float32)
        values = image_shape[2:] if name == "im_shape" else [1.0] * (shape[-1] if shape else 1)
        return np.asarray(values, np.float32)

    samples = [
        {name: sample(name, shape) for name, shape in shapes.items()}
        for _ in range(SYNTHETIC_SAMPLES)
    ]

    def collate(chosen: list[Any]) -> Feed:
        return {name: np.stack([one[name] for one in chosen]) for name in shapes}

    return Batches(_loader(_Listed(samples), 1, collate), 1)


def by_feed_name(batch: Feed, shapes: Shapes) -> Feed:
    """The suite's feeds under the model's names; a single unnamed input is the image."""
    if len(shapes) == 1 and next(iter(shapes)) not in batch:
        return {next(iter(shapes)): batch["image"]}
    missing = [name for name in shapes if name not in batch]
    if missing:
        raise KeyError(f"the model wants {missing}, the data has {sorted(batch)}")
    return {name: batch[name] for name in shapes}


class _Listed(paddle.io.Dataset):  # type: ignore[misc]
    def __init__(self, samples: list[Feed]) -> None:
        super().__init__()
        self.samples = samples

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> Feed:
        return self.samples[index]


def _loader(dataset: Any, batch_size: int, collate: Callable[[list[Any]], Feed]) -> Any:
    return paddle.io.DataLoader(
        dataset,
        places=[paddle.CPUPlace()],
        batch_size=batch_size,
        shuffle=True,
        drop_last=True,
        collate_fn=collate,
        num_workers=0,
        return_list=True,
    )
