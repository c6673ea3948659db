"""The parts of PaddleDetection's driver that need neither Paddle nor the suite."""

from types import SimpleNamespace

import numpy as np
import pytest

from compress.suites.paddledet.in_worker.driver import (
    _objects,
    _OneByOne,
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


def images(*names):
    return SimpleNamespace(roidbs=[{"im_file": name} for name in names])


def test_images_are_chosen_evenly_without_those_of_the_other_split():
    dataset = images("d/a.jpg", "d/./b.jpg", "d/c.jpg", "d/e.jpg", "d/f.jpg")
    sampler = _OneByOne(dataset, 2, {"d/b.jpg"})
    assert sampler.choose() == [0, 3]
    assert list(sampler) == [[0], [3]]
    assert (len(sampler), sampler.batch_size) == (2, 1)


def test_the_data_set_may_be_parsed_after_the_sampler_was_made():
    dataset = images()
    sampler = _OneByOne(dataset, None, frozenset())
    dataset.roidbs = images("a.jpg", "b.jpg").roidbs
    assert sampler.choose() == [0, 1]


def test_objects_have_the_form_of_coco():
    record = {
        "gt_bbox": np.array([[1, 2, 11, 22], [0, 0, 4, 4]], np.float32),
        "gt_class": np.array([[3], [0]]),
    }
    assert list(_objects(7, record)) == [
        {"image_id": 7, "category_id": 3, "bbox": [1.0, 2.0, 10.0, 20.0]},
        {"image_id": 7, "category_id": 0, "bbox": [0.0, 0.0, 4.0, 4.0]},
    ]
