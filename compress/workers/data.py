"""Batches for calibration and distillation, as the ``paddle.io.DataLoader`` that PTQ insists on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
import paddle

from compress.graph.feeds import FeedSpecs, synthetic_feeds
from compress.methods.base import Batches
from compress.suites.base import Driver, Feed, TrainingData
from compress.workers.suite import write_config

SYNTHETIC_SAMPLES = 64
LABEL = "label"


def batches_for(request: dict[str, Any], driver: Driver, specs: FeedSpecs) -> Batches:
    """The suite's training data if the request has a ``data_config``, else noise."""
    if request["data_config"] is None:
        return synthetic_batches(specs, request["shape"])
    return suite_batches(driver.training_data(write_config(request["data_config"])), specs)


def suite_batches(data: TrainingData, names: Collection[str]) -> Batches:
    """The suite's training data by the model's feed names; shuffled with a fixed seed."""
    sizes: set[tuple[int, int]] = set()

    def read(samples: list[Any]) -> Feed:
        batch = data.collate(samples)
        height, width = batch["image"].shape[-2:]
        sizes.add((int(height), int(width)))
        return batch

    def collate(samples: list[Any]) -> Feed:
        return by_feed_name(read(samples), names)

    def collate_labelled(samples: list[Any]) -> Feed:
        batch = read(samples)
        return {**by_feed_name(batch, names), LABEL: batch[LABEL]}

    if not len(data.dataset):
        raise ValueError("the training data holds no sample")
    batch_size = min(data.batch_size, len(data.dataset))
    labelled = _loader(data.dataset, batch_size, collate_labelled) if data.labelled else None
    length = len(data.dataset) // batch_size
    return Batches(_loader(data.dataset, batch_size, collate), batch_size, length, labelled, sizes)


def synthetic_batches(specs: FeedSpecs, image_shape: Sequence[int]) -> Batches:
    """Noise in the range of normalised images, where the suite's data cannot be had.

    Enough to build, run and time a compressed model; its accuracy means nothing.
    """
    samples = [synthetic_feeds(specs, image_shape, seed) for seed in range(SYNTHETIC_SAMPLES)]

    def collate(chosen: list[Any]) -> Feed:
        return {name: np.concatenate([one[name] for one in chosen]) for name in specs}

    return Batches(_loader(_Listed(samples), 1, collate), 1, len(samples))


def by_feed_name(batch: Feed, names: Collection[str]) -> Feed:
    """The suite's feeds under the model's names; a single unnamed input is the image."""
    if len(names) == 1 and next(iter(names)) not in batch:
        return {next(iter(names)): batch["image"]}
    missing = [name for name in names if name not in batch]
    if missing:
        raise KeyError(f"the model wants {missing}, the data has {sorted(batch)}")
    return {name: batch[name] for name in names}


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
