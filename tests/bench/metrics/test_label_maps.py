"""Label maps are found where the suite's data sets keep them, and read as the suite reads them."""

import numpy as np
import pytest
from PIL import Image

from bench.metrics.base import LabelledData
from bench.metrics.label_maps import find_pairs, read_labels
from compress.suites.paddleseg.datasets import DATA_SETS, scoring_of
from core.errors import InputError


def labelled(folder, kind, index=None, **section):
    dataset = {"type": kind, "mode": "val", "num_classes": 2, **section}
    return LabelledData(folder, index, scoring_of({"val_dataset": dataset}, "val_dataset"))


def names(folder, *arguments, **section):
    pairs = find_pairs(labelled(folder, *arguments, **section))
    return [
        (image.file.relative_to(folder).as_posix(), image.truth.relative_to(folder).as_posix())
        for image in pairs
    ]


def touch(folder, *files):
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()


def test_a_list_names_pairs(tmp_path):
    index = tmp_path / "v.txt"
    index.write_text("b.jpg l/b.png\na.jpg l/a.png\n")
    assert names(tmp_path, "Dataset", index) == [("b.jpg", "l/b.png"), ("a.jpg", "l/a.png")]
    index.write_text("a b.jpg|l/a.png")
    assert names(tmp_path, "Dataset", index, separator="|") == [("a b.jpg", "l/a.png")]


def test_cityscapes_pairs_its_files_in_their_order(tmp_path):
    for city in ("b", "a"):
        touch(
            tmp_path,
            f"leftImg8bit/val/{city}/{city}_leftImg8bit.png",
            f"gtFine/val/{city}/{city}_gtFine_labelTrainIds.png",
            f"gtFine/val/{city}/{city}_gtFine_color.png",
        )
    assert [image for image, _ in names(tmp_path, "Cityscapes")] == [
        "leftImg8bit/val/a/a_leftImg8bit.png",
        "leftImg8bit/val/b/b_leftImg8bit.png",
    ]


def test_hidden_files_beside_images_are_none_of_them(tmp_path):
    """Archives of a Mac hold such a file for each image, and unpack it for some programs only."""
    touch(tmp_path, "images/val2017/a.jpg", "images/val2017/._a.jpg")
    touch(tmp_path, "annotations/val2017/a.png")
    assert names(tmp_path, "CocoStuff") == [("images/val2017/a.jpg", "annotations/val2017/a.png")]


def test_voc_lists_bare_names(tmp_path):
    touch(tmp_path, "VOC2012/ImageSets/Segmentation/val.txt")
    (tmp_path / "VOC2012/ImageSets/Segmentation/val.txt").write_text("1\n2.5\n")
    assert names(tmp_path, "PascalVOC") == [
        ("VOC2012/JPEGImages/1.jpg", "VOC2012/SegmentationClass/1.png"),
        ("VOC2012/JPEGImages/2.5.jpg", "VOC2012/SegmentationClass/2.5.png"),
    ]


def test_an_image_without_a_label_map_is_named(tmp_path):
    touch(tmp_path, "images/validation/a.jpg", "images/validation/b.jpg")
    touch(tmp_path, "annotations/validation/a.png")
    with pytest.raises(InputError, match="2 images and 1 label maps"):
        find_pairs(labelled(tmp_path, "ADE20K"))


def test_a_missing_list_is_named(tmp_path):
    with pytest.raises(InputError, match="cannot be read: No such file") as caught:
        find_pairs(labelled(tmp_path, "DRIVE"))
    assert caught.value.file == str(tmp_path / "val_list.txt")


def test_labels_of_ade20k_are_shifted_as_the_suite_shifts_them(tmp_path):
    file = tmp_path / "a.png"
    Image.fromarray(np.array([[0, 1, 150]], np.uint8)).save(file)
    assert read_labels(file, -1).tolist() == [[255, 0, 149]]
    assert read_labels(file, 0).tolist() == [[0, 1, 150]]


def test_a_file_that_is_no_image_is_named(tmp_path):
    (tmp_path / "a.png").write_text("no image")
    with pytest.raises(InputError, match="the label map cannot be read"):
        read_labels(tmp_path / "a.png", 0)


@pytest.mark.parametrize("kind", sorted(DATA_SETS))
def test_each_data_set_has_its_classes_and_pairs(kind):
    scoring = scoring_of(
        {"val_dataset": {"type": kind, "mode": "val", "num_classes": 2}}, "val_dataset"
    )
    assert scoring.unreadable == ""
    assert scoring.settings["classes"] == (DATA_SETS[kind].classes or 2)


@pytest.mark.parametrize(
    ("section", "reason"),
    [
        ({"type": "EG1800"}, "only the suite's code can read the data set EG1800"),
        ({"type": "PascalVOC", "mode": "trainaug"}, "data set PascalVOC in mode trainaug"),
        ({"type": "Dataset", "mode": "val"}, "val_dataset.num_classes"),
        ({"type": "Dataset", "mode": "val", "num_classes": True}, "val_dataset.num_classes"),
        ({}, "only the suite's code can read the data set "),
    ],
)
def test_data_that_cannot_be_read_outside_of_the_suite_is_not_scored(section, reason):
    assert reason in scoring_of({"val_dataset": section}, "val_dataset").unreadable
