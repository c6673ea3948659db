"""The parts of PaddleSeg's driver that need neither Paddle nor the suite."""

import numpy as np
import pytest

from compress.suites.paddleseg.in_worker.driver import SegmentationValidation, _collate


class Dataset:
    """Five images whose pixels are their number; the suite's own form."""

    num_classes, ignore_index = 19, 255
    file_list = tuple((f"{number}.jpg", f"{number}.png") for number in range(5))

    def __len__(self):
        return len(self.file_list)

    def __getitem__(self, index):
        return {
            "img": np.full((3, 4, 6), index, np.float64),
            "label": np.full((1, 4, 6), index, np.uint8),
            "trans_info": [("resize", (4, 6))],
        }


def test_samples_are_spread_over_the_data_set_in_its_order():
    validation = SegmentationValidation(Dataset(), 2)
    samples = list(validation)
    assert len(validation) == len(samples) == 2
    assert [sample.image_path for sample in samples] == ["0.jpg", "2.jpg"]
    assert [int(sample.truth.max()) for sample in samples] == [0, 2]


def test_a_sample_is_a_batch_of_one_with_whole_labels():
    (sample, *_) = SegmentationValidation(Dataset(), None)
    assert sample.feeds["image"].shape == (1, 3, 4, 6)
    assert sample.feeds["image"].dtype == np.float32
    assert (sample.truth.shape, sample.truth.dtype) == ((4, 6), np.int64)
    assert sample.context == ([("resize", (4, 6))], "0.png")


def test_scoring_knows_the_classes_and_the_ignored_label():
    description = SegmentationValidation(Dataset(), None).description()
    assert description == {"num_classes": 19, "ignore_index": 255}


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
