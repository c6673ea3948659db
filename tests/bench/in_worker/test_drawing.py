"""Pictures show the images on which two models disagree most."""

import json
import zlib

import numpy as np
import pytest
from PIL import Image

from bench.in_worker.drawing import DIFFERENT, EQUAL, WIDTH, draw_pictures, palette

SIZE = np.array([6, 8], "<u4").tobytes()
PANELS = ["input", "truth", "fp32", "compressed", "disagreement"]


class Predictions:
    """Two folders of predictions for the same images of 8 x 6 pixels."""

    def __init__(self, root):
        self.root, self.before, self.after = root, root / "before", root / "after"
        self.out = root / "out"
        for folder in (self.before, self.after, root / "data"):
            folder.mkdir()
        for folder in (self.before, self.after):
            (folder / "predictions" / "maps").mkdir(parents=True)

    def image(self, name):
        path = self.root / "data" / name
        if path.suffix == ".png":
            truth = np.zeros((6, 8), np.uint8)
            truth[0, 0], truth[0, 1] = 255, 1
            Image.fromarray(truth).save(path)
        else:
            Image.new("RGB", (8, 6), (9, 9, 9)).save(path)
        return str(path)

    def segmentation(self, *changes):
        """``changes``: for each image how many of its 48 pixels differ."""
        for number, count in enumerate(changes):
            self.write(self.before, number, bytes(48))
            self.write(self.after, number, bytes([1] * count + [0] * (48 - count)))
        images = [[self.image(f"{n}.jpg"), self.image(f"{n}.png")] for n in range(len(changes))]
        self.index(task="segmentation", images=images, num_classes=2, ignore_index=255, shift=0)

    def write(self, folder, number, labels):
        (folder / "predictions" / "maps" / f"{number}.z").write_bytes(zlib.compress(SIZE + labels))

    def detection(self, old, new, truth=None, **more):
        images = [[self.image(f"{number}.jpg"), number] for number in sorted({*old, *new})]
        for folder, boxes in ((self.before, old), (self.after, new)):
            results = [box for number in boxes for box in boxes[number]]
            (folder / "predictions" / "detections.json").write_text(json.dumps(results))
        objects = truth or [{"image_id": 0, "category_id": 0, "bbox": [1, 1, 4, 4]}]
        self.index(**{"task": "detection", "images": images, "objects": objects, **more})

    def index(self, **index):
        (self.before / "index.json").write_text(json.dumps(index))

    def draw(self):
        return draw_pictures("m.ptq", (self.before, self.after), self.out)

    def panel(self, picture, name):
        return np.asarray(Image.open(self.out / picture.panels[name]).convert("RGB"))


@pytest.fixture
def predictions(tmp_path):
    return Predictions(tmp_path)


def box(number, x, category=0, score=0.9):
    return {"image_id": number, "category_id": category, "bbox": [x, 1, 3, 3], "score": score}


def test_the_three_images_that_differ_most_are_drawn_worst_first(predictions):
    predictions.segmentation(0, 12, 6, 24, 3)
    pictures = predictions.draw()
    assert [picture.title for picture in pictures] == [
        "3.jpg: 50.0% of pixels differ",
        "1.jpg: 25.0% of pixels differ",
        "2.jpg: 12.5% of pixels differ",
    ]
    assert [list(picture.panels) for picture in pictures] == [PANELS] * 3
    assert pictures[1].panels["fp32"] == "m.ptq/1-fp32.png"


def test_panels_have_one_width_and_the_colours_of_their_classes(predictions):
    predictions.segmentation(24)
    (picture,) = predictions.draw()
    colours = palette(2)
    for name in PANELS:
        assert predictions.panel(picture, name).shape == (WIDTH * 6 // 8, WIDTH, 3)
    assert predictions.panel(picture, "fp32")[0, 0].tolist() == colours[0].tolist()
    assert predictions.panel(picture, "compressed")[0, 0].tolist() == colours[1].tolist()
    assert predictions.panel(picture, "truth")[0, 0].tolist() == colours[0].tolist()  # ignored
    assert predictions.panel(picture, "truth")[0, 45].tolist() == colours[1].tolist()
    disagreement = predictions.panel(picture, "disagreement")
    assert (tuple(disagreement[0, 0]), tuple(disagreement[-1, 0])) == (DIFFERENT, EQUAL)


def test_without_the_images_nothing_is_drawn(predictions):
    predictions.segmentation(6)
    (predictions.root / "data" / "0.jpg").unlink()
    assert predictions.draw() == ()


def test_boxes_that_only_one_model_found_are_counted(predictions):
    predictions.detection(
        {0: [box(0, 1)], 1: [box(1, 1), box(1, 5)]}, {0: [box(0, 1)], 1: [box(1, 1, category=2)]}
    )
    assert [picture.title for picture in predictions.draw()] == [
        "1.jpg: 2 boxes lost, 1 gained",
        "0.jpg: 0 boxes lost, 0 gained",
    ]


def test_boxes_with_low_scores_are_not_shown(predictions):
    predictions.detection({0: [box(0, 1, score=0.39), box(0, 5, score=0.4)]}, {0: []})
    assert predictions.draw()[0].title == "0.jpg: 1 boxes lost, 0 gained"


def test_a_box_that_moved_by_less_than_half_is_the_same(predictions):
    predictions.detection({0: [box(0, 1.0)]}, {0: [box(0, 1.9)]})
    assert predictions.draw()[0].title == "0.jpg: 0 boxes lost, 0 gained"
    predictions.detection({0: [box(0, 1.0)]}, {0: [box(0, 2.1)]})
    assert predictions.draw()[0].title == "0.jpg: 1 boxes lost, 1 gained"


def test_lost_boxes_are_red_and_gained_ones_blue(predictions):
    predictions.detection({0: [box(0, 0)]}, {0: [box(0, 5)]})
    (picture,) = predictions.draw()
    panel = predictions.panel(picture, "disagreement")
    scale = WIDTH // 8
    assert panel[1 * scale, 1 * scale].tolist() == [235, 60, 70]
    assert panel[1 * scale, 6 * scale].tolist() == [60, 130, 235]


def test_boxes_of_the_truth_are_drawn_in_the_colours_of_their_classes(predictions):
    predictions.detection(
        {0: [box(0, 1)]}, {0: []}, [{"image_id": 0, "category_id": 1, "bbox": [1, 1, 4, 4]}]
    )
    drawn = predictions.panel(predictions.draw()[0], "truth")
    assert drawn[30, 60].tolist() == palette(64)[1].tolist()


def test_a_box_without_an_area_overlaps_nothing(predictions):
    flat = {**box(0, 1), "bbox": [1, 1, 0, 0]}
    predictions.detection({0: [flat]}, {0: [flat]})
    assert predictions.draw()[0].title == "0.jpg: 1 boxes lost, 1 gained"


@pytest.mark.parametrize("classes", [1, 19, 256])
def test_every_class_has_a_colour_of_its_own(classes):
    colours = palette(classes)
    assert colours.shape == (classes, 3)
    assert colours[0].tolist() == [24, 26, 32]
    assert len({tuple(colour) for colour in colours.tolist()}) > 0.9 * classes
