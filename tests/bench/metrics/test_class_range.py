"""Classes that the suite's own scoring cannot count are refused by name."""

import numpy as np
import pytest

from bench.metrics.class_range import require_categories, require_classes


def test_predictions_of_known_categories_pass():
    require_categories(np.array([0.0, 4.0, -1.0], np.float32), 5, 7, "a.json")
    require_categories(np.zeros(0), 5, 5, "a.json")


def test_a_predicted_class_without_a_category_is_named_with_key_and_file():
    with pytest.raises(ValueError, match="num_classes") as caught:
        require_categories(np.array([0.0, 6.0, 5.0]), 5, 7, "a.json")
    assert str(caught.value) == (
        "num_classes: 7, but a.json names 5 categories: the predicted class 5 has none"
    )


def test_an_object_beyond_the_classes_is_named_with_key_and_file():
    objects = [{"category_id": number} for number in (0, 3, 2, 2)]
    require_classes(objects, 4, "labels.txt")
    require_classes(objects, 0, "labels.txt")
    with pytest.raises(ValueError, match="num_classes") as caught:
        require_classes(objects, 2, "labels.txt")
    assert str(caught.value) == (
        "num_classes: 2, but 3 objects are of a class beyond it, such as number 2 of labels.txt"
    )
