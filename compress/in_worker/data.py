"""Batches for calibration and distillation, in the ``paddle.io.DataLoader`` that PTQ requires."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import paddle

from compress.in_worker.graph.feeds import FeedSpecs, synthetic_feeds
from compress.in_worker.method import Batches
from compress.in_worker.suite import write_config
from compress.suites.dialect import Document
from compress.suites.driver import Driver, Feed, TrainingData

SYNTHETIC_SAMPLES = 64
LABEL = "label"


@dataclass(frozen=True)
class Drawing:
    """How batches are drawn. ``from_end``: each pass in reverse order, so that its first batches
    share no sample with the first batches of the same seed in the usual order.
    """

    seed: int = 0
    from_end: bool = False


def batches_for(
    data_config: Document | None,
    shape: Sequence[int],
    driver: Driver,
    specs: FeedSpecs,
    drawing: Drawing,
) -> Batches:
    """Batches of the training data in ``data_config``; without one, noise of the image ``shape``
    (N, C, H, W).
    """
    if data_config is None:
        return synthetic_batches(specs, shape, drawing)
    config = write_config(data_config, driver.constructible())
    return suite_batches(driver.training_data(config), specs, drawing)


def suite_batches(
    data: TrainingData, names: Collection[str], drawing: Drawing = Drawing()
) -> Batches:
    """Batches of the suite's training data by the model's feed names, shuffled and augmented by the
    seed. Raises ValueError if there is no sample.
    """
    sizes: set[tuple[int, int]] = set()

    def read(indices: Sequence[int]) -> Feed:
        batch = data.collate([data.dataset[index] for index in indices])
        height, width = batch["image"].shape[-2:]
        sizes.add((int(height), int(width)))
        return batch

    def plain(indices: Sequence[int]) -> Feed:
        return by_feed_name(read(indices), names)

    def labelled(indices: Sequence[int]) -> Feed:
        batch = read(indices)
        return {**by_feed_name(batch, names), LABEL: batch[LABEL]}

    if not len(data.dataset):
        raise ValueError("the training data holds no sample")
    size = min(data.batch_size, len(data.dataset))
    shuffled = partial(seeded_loader, samples=len(data.dataset), batch_size=size, drawing=drawing)
    return Batches(
        shuffled(plain),
        size,
        len(data.dataset) // size,
        shuffled(labelled) if data.labelled else None,
        sizes,
    )


def synthetic_batches(
    specs: FeedSpecs, image_shape: Sequence[int], drawing: Drawing = Drawing()
) -> Batches:
    """Noise in the range of normalised images, for where the suite's data is missing.

    It suffices to build, run and time a compressed model; its accuracy means nothing.
    """
    samples = [synthetic_feeds(specs, image_shape, number) for number in range(SYNTHETIC_SAMPLES)]
    return Batches(
        seeded_loader(lambda indices: samples[indices[0]], len(samples), 1, drawing),
        1,
        len(samples),
    )


def by_feed_name(batch: Feed, names: Collection[str]) -> Feed:
    """The suite's feeds under the model's names; a single input of another name is the image.

    Raises KeyError for inputs that the data lacks.
    """
    if len(names) == 1 and next(iter(names)) not in batch:
        return {next(iter(names)): batch["image"]}
    missing = [name for name in names if name not in batch]
    if missing:
        raise KeyError(f"the model has the inputs {missing}, the data only {sorted(batch)}")
    return {name: batch[name] for name in names}


Draw = tuple[int, tuple[int, ...]]
"""One batch to read: a seed for its augmentation, and the indices of its samples."""

READING = threading.Lock()
"""Held while a batch is read: the suites draw from generators that are global to the process."""


class _Shuffled(paddle.io.BatchSampler):  # type: ignore[misc]
    """The batches of one pass; every pass is drawn by a generator of its own.

    Paddle's own shuffling draws from ``np.random`` in threads that read ahead. ACT starts several
    of them, so that two trainings with the same seed would not see the same batches.
    """

    def __init__(self, samples: int, batch_size: int, drawing: Drawing) -> None:
        super().__init__(dataset=range(samples), batch_size=batch_size, drop_last=True)
        self.samples, self.drawing, self.passes = samples, drawing, 0

    def __iter__(self) -> Iterator[list[Draw]]:
        """Not a generator: a pass is numbered when it is requested, not when it is first read."""
        rng = np.random.default_rng((self.drawing.seed, self.passes))
        self.passes += 1
        order, count = rng.permutation(self.samples), len(self)
        order = order[::-1] if self.drawing.from_end else order
        batches = order[: count * self.batch_size].reshape(count, self.batch_size).tolist()
        seeds = rng.integers(2**32, size=count).tolist()
        return iter([[(seed, tuple(batch))] for seed, batch in zip(seeds, batches, strict=True)])


class _Batches(paddle.io.Dataset):  # type: ignore[misc]
    """A data set whose items are whole batches."""

    def __init__(self, read: Callable[[Sequence[int]], Feed], samples: int) -> None:
        super().__init__()
        self.read, self.samples = read, samples

    def __len__(self) -> int:
        return self.samples

    def __getitem__(self, draw: Draw) -> Feed:
        seed, indices = draw
        with READING:
            random.seed(seed)
            np.random.seed(seed)
            return self.read(indices)


def seeded_loader(
    read: Callable[[Sequence[int]], Feed], samples: int, batch_size: int, drawing: Drawing
) -> Any:
    """A ``paddle.io.DataLoader`` of ``read(indices)``, which may draw from ``random`` and
    ``np.random``. Every pass has other batches; the same seed gives the same ones in any process.
    """
    return paddle.io.DataLoader(
        _Batches(read, samples),
        places=[paddle.CPUPlace()],
        batch_sampler=_Shuffled(samples, batch_size, drawing),
        collate_fn=lambda batch: batch[0],
        num_workers=0,
        return_list=True,
    )
