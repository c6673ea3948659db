"""Synthetic inputs have the form that a program asks for."""

import numpy as np

from compress.in_worker.graph.feeds import FeedSpec, filled_shape, synthetic_feeds

SHAPE = (2, 3, 64, 96)


def test_free_dimensions_follow_the_image():
    assert filled_shape((-1, 3, -1, -1), SHAPE) == SHAPE
    assert filled_shape((-1, 3, 32, 32), SHAPE) == (2, 3, 32, 32)
    assert filled_shape((-1, 2), SHAPE) == (2, 2)
    assert filled_shape((-1, -1, 3, -1, -1), SHAPE) == (2, 1, 3, 64, 96)
    assert filled_shape((), SHAPE) == ()


def test_feeds_are_noise_sizes_and_ones_of_the_right_type_and_seeded():
    specs = {
        "image": FeedSpec((-1, 3, -1, -1), "float32"),
        "im_shape": FeedSpec((-1, 2), "float32"),
        "scale_factor": FeedSpec((-1, 2), "float32"),
        "ids": FeedSpec((-1,), "int64"),
    }
    feeds = synthetic_feeds(specs, SHAPE, seed=0)
    assert feeds["image"].shape == SHAPE
    assert feeds["im_shape"].tolist() == [[64, 96], [64, 96]]
    assert feeds["scale_factor"].tolist() == [[1, 1], [1, 1]]
    assert feeds["ids"].dtype == np.int64
    again = synthetic_feeds(specs, SHAPE, seed=0)["image"]
    assert np.array_equal(feeds["image"], again)
    assert not np.array_equal(feeds["image"], synthetic_feeds(specs, SHAPE, seed=1)["image"])
