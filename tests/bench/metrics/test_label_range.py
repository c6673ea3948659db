"""Labels that the suite's own scoring refuses are refused by name."""

import numpy as np
import pytest

from bench.metrics.label_range import require_labels


def check(*labels, classes=6, ignored=255):
    require_labels(np.array([labels]), classes, ignored, "a/b.png", "val_dataset")


def test_classes_and_the_ignored_label_pass():
    check(0, 5, 255)
    check(0, 1, 9, classes=2, ignored=9)
    require_labels(np.zeros((0, 4), np.int64), 2, 255, "a/b.png", "val_dataset")


@pytest.mark.parametrize("label", [6, 254, 256, -1])
def test_a_label_beyond_the_classes_is_named_with_file_and_key(label):
    with pytest.raises(ValueError, match="beyond") as caught:
        check(0, 1, label, 255)
    assert str(caught.value) == (
        f"a/b.png: the label {label} (25.0% of the pixels) is beyond val_dataset.num_classes: 6, "
        "and not val_dataset.ignore_index: 255"
    )


def test_the_default_ignored_label_does_not_pass_where_the_config_ignores_another():
    with pytest.raises(ValueError, match="the label 255"):
        check(0, 255, ignored=0)


@pytest.mark.parametrize("shape", [(2,), (2, 4, 4)])
def test_a_pixel_has_one_label(shape):
    with pytest.raises(ValueError, match="a pixel has to have one label"):
        require_labels(np.zeros(shape, np.int64), 2, 255, "a.png", "val_dataset")
