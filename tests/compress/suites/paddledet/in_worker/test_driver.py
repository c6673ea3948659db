"""The parts of PaddleDetection's driver that need neither Paddle nor the suite."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from compress.suites.paddledet.in_worker.driver import (
    DetectionReader,
    fix_size,
)


@pytest.mark.parametrize(
    ("shape", "image_shape", "eval_size"),
    [((1, 3, 320, 416), [3, 320, 416], [320, 416]), ((1, 3, -1, -1), [3, -1, -1], None)],
)
def test_the_input_and_the_anchors_have_the_size_of_the_export(shape, image_shape, eval_size):
    config = {"TestReader": {"inputs_def": {"num_max_boxes": 90}}, "eval_size": [640, 640]}
    fix_size(config, shape)
    assert config["TestReader"]["inputs_def"] == {
        "num_max_boxes": 90,
        "image_shape": image_shape,
    }
    assert config["eval_size"] == eval_size


def test_a_test_reader_is_added_and_a_tracking_reader_is_not():
    config = {"eval_size": None}
    fix_size(config, (1, 3, 8, 8))
    assert config == {
        "TestReader": {"inputs_def": {"image_shape": [3, 8, 8]}},
        "eval_size": None,
    }
    config = {"TestMOTReader": {}}
    fix_size(config, (1, 3, 8, 8))
    assert config["TestMOTReader"] == {"inputs_def": {"image_shape": [3, 8, 8]}}


def test_an_image_is_read_without_annotations():
    seen = []

    def transform(record):
        seen.append(record)
        return {"image": np.ones((3, 4, 4))}

    def collate(samples):
        (sample,) = samples
        return {"image": sample["image"][None], "im_id": 1, "scale_factor": np.ones((1, 2))}

    reader = SimpleNamespace(_sample_transforms=transform, _batch_transforms=collate)
    sample = DetectionReader(reader).read(7, Path("a.jpg"))
    (record,) = seen
    assert set(record) == {"im_file", "im_id", "curr_iter"}
    assert (record["im_file"], record["im_id"].tolist()) == ("a.jpg", [7])
    assert set(sample.feeds) == {"image", "scale_factor"}
    assert sample.feeds["image"].dtype == np.float32
    assert sample.number == 7
