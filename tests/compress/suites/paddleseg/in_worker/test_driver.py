"""The parts of PaddleSeg's driver that need neither Paddle nor the suite."""

from pathlib import Path

import numpy as np
import pytest

from compress.suites.paddleseg.in_worker.driver import SegmentationReader, _collate


def test_an_image_is_read_without_its_label_as_a_batch_of_one():
    seen = []

    def transform(data):
        seen.append(dict(data))
        return {**data, "img": np.ones((3, 4, 6), np.float64), "trans_info": [("resize", (8, 9))]}

    sample = SegmentationReader(transform).read(3, Path("a.jpg"))
    assert seen == [{"img": "a.jpg", "trans_info": [], "gt_fields": []}]
    assert sample.feeds["image"].shape == (1, 3, 4, 6)
    assert sample.feeds["image"].dtype == np.float32
    assert (sample.number, sample.context) == (3, [("resize", (8, 9))])


def test_training_batches_hold_images_and_labels():
    samples = [
        {"img": np.ones((3, 2, 2)), "label": np.zeros((2, 2), np.uint8), "gt_fields": []}
        for _ in range(3)
    ]
    batch = _collate(samples)
    assert {name: (array.shape, array.dtype.name) for name, array in batch.items()} == {
        "image": ((3, 3, 2, 2), "float32"),
        "label": ((3, 2, 2), "int64"),
    }


def test_images_of_different_sizes_are_not_one_batch():
    samples = [
        {"img": np.ones((3, size, size)), "label": np.zeros((size, size))} for size in (2, 4)
    ]
    with pytest.raises(ValueError, match="same shape"):
        _collate(samples)
