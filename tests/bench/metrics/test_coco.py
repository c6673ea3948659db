"""COCO annotations are those of the config; images count as in the suite's data set."""

import json

import pytest

from bench.metrics import find_metric
from bench.metrics.base import LabelledData
from bench.stats import score
from compress.suites import find_dialect
from core.errors import InputError, JobFailure

HIT = {"image_id": 0, "category_id": 0, "bbox": [10, 10, 20, 20], "score": 0.9}
COCO = find_metric("coco")


def row(number, **more):
    return {"id": number, "file_name": f"{number}.jpg", "width": 90, "height": 60, **more}


def thing(number, image, **more):
    truth = {"id": number, "image_id": image, "category_id": 3, "bbox": [10, 10, 20, 20]}
    return {**truth, "area": 400, "iscrowd": 0, **more}


class Place:
    """A data set of the images 1, 5 and 7, the first two with an object of the category 3."""

    def __init__(self, folder):
        self.folder = folder
        self.dataset = {
            "info": {},
            "images": [row(7), row(5), row(1)],
            "annotations": [thing(1, 5), thing(2, 1)],
            "categories": [{"id": 3, "name": "cat"}, {"id": 1, "name": "dog"}],
        }
        for number in (1, 5, 7):
            (folder / f"{number}.jpg").touch()

    def labelled(self, index="val.json", **settings):
        (self.folder / "val.json").write_text(json.dumps(self.dataset))
        scoring = find_dialect("paddledet").scoring({"EvalDataset": settings}, "evaluation")
        return LabelledData(self.folder, self.folder / index if index else None, scoring)

    def images(self, **settings):
        return [image.truth for image in COCO.images(self.labelled(**settings))]

    def score(self, results):
        (self.folder / "detections.json").write_text(json.dumps(results))
        labelled = self.labelled()
        return COCO.score(self.folder, COCO.images(labelled), labelled)


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_images_with_objects_count_in_the_order_of_their_ids(place):
    assert place.images() == [1, 5]
    assert place.images(allow_empty=True) == [1, 5, 7]
    assert place.images(sample_num=1) == [1]


def test_a_sample_counts_images_with_and_without_objects_by_their_ids(place):
    place.dataset["annotations"] = [thing(1, 5), thing(2, 7)]
    assert place.images(allow_empty=True) == [5, 7, 1]
    assert place.images(allow_empty=True, sample_num=2) == [5, 1]


def test_of_two_images_with_one_id_the_later_counts(place):
    place.dataset["images"].append(row(1, file_name="5.jpg"))
    assert place.images() == [1, 5]
    assert [image.file.name for image in COCO.images(place.labelled())] == ["5.jpg", "5.jpg"]
    assert score(place.score([HIT, {**HIT, "image_id": 1}])) == pytest.approx(1.0)


@pytest.mark.parametrize("change", [{"bbox": [1, 2, 3]}, {"iscrowd": "no"}])
def test_annotations_that_pycocotools_cannot_take_are_the_fault_of_the_file(place, change):
    place.dataset["annotations"].append(thing(9, 5, **change))
    with pytest.raises(InputError, match="no COCO annotations") as caught:
        place.score([HIT])
    assert caught.value.file == str(place.folder / "val.json")


@pytest.mark.parametrize(
    "change",
    [{"iscrowd": 1}, {"ignore": True}, {"area": 0}, {"bbox": [1, 1, 0, 5]}, {"bbox": []}],
)
def test_an_image_without_an_object_that_counts_is_left_out(place, change):
    place.dataset["annotations"][0] = thing(1, 5, **change)
    assert place.images() == [1]


def test_crowds_count_if_the_config_says_so(place):
    place.dataset["annotations"][0] = thing(1, 5, iscrowd=1)
    assert place.images(load_crowd=True) == [1, 5]


def test_images_that_are_missing_are_left_out(place):
    (place.folder / "1.jpg").unlink()
    assert place.images() == [5]


def test_a_hit_is_full_precision(place):
    statistics = place.score([HIT, {**HIT, "image_id": 1}])
    assert (statistics.metric, statistics.images) == ("mAP", 2)
    assert score(statistics) == pytest.approx(1.0)
    assert score(place.score([HIT])) == pytest.approx(0.5049504950495)


def test_classes_are_the_categories_in_their_order(place):
    wrong = [{**HIT, "category_id": 1}, {**HIT, "image_id": 1, "category_id": 1}]
    assert score(place.score(wrong)) == 0.0


def test_a_class_without_a_category_is_named(place):
    with pytest.raises(JobFailure, match=r"val\.json names 2 categories: the predicted class 2"):
        place.score([{**HIT, "category_id": 2}])


def test_detections_of_other_images_count_nowhere(place):
    results = [HIT, {**HIT, "image_id": 1}, {**HIT, "image_id": 9}]
    assert score(place.score(results)) == pytest.approx(1.0)


def test_a_config_without_annotations_is_a_failure(place):
    with pytest.raises(JobFailure, match="the config names no annotations"):
        COCO.images(place.labelled(index=None))


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"images": [{}], "annotations": [], "categories": []}']
)
def test_a_file_without_coco_annotations_is_named(place, text):
    labelled = place.labelled()
    (place.folder / "val.json").write_text(text)
    with pytest.raises(InputError, match="no COCO annotations") as caught:
        COCO.images(labelled)
    assert caught.value.file == str(place.folder / "val.json")


def test_images_lie_below_the_data_set(place):
    with pytest.raises(InputError, match="lies outside the data set"):
        place.images(image_dir="../other")


def test_what_drawing_needs_counts_images_and_classes_from_zero(place):
    labelled = place.labelled()
    described = COCO.describe(COCO.images(labelled), labelled)
    assert described["images"] == [
        [str(place.folder / "1.jpg"), 0],
        [str(place.folder / "5.jpg"), 1],
    ]
    box = [10, 10, 20, 20]
    assert described["objects"] == [
        {"image_id": 1, "category_id": 0, "bbox": box},
        {"image_id": 0, "category_id": 0, "bbox": box},
    ]
