"""Workers are shown images, and nothing that could tell what they are scored by."""

import os
from pathlib import Path

import pytest

from bench import shown as shown_module
from bench.metrics.base import LabelledData, LabelledImage
from bench.shown import covers_of, without_truth
from compress.sandbox.covers import Cover
from compress.suites import find_dialect
from tests.bench.conftest import label_images


def touch(folder, *files):
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(file)


def pairs(folder, *names, labels="labels"):
    return [LabelledImage(folder / f"images/{n}.jpg", folder / f"{labels}/{n}.png") for n in names]


def test_folders_of_images_alone_are_shown_as_they_are(tmp_path):
    touch(tmp_path, "images/a.jpg", "images/b.jpg", "labels/a.png", "labels/b.png", "val.txt")
    with without_truth(pairs(tmp_path, "b", "a"), tmp_path / "scratch") as shown:
        assert shown.images == (tmp_path / "images/b.jpg", tmp_path / "images/a.jpg")
        assert shown.folders == (tmp_path / "images",)
    assert not (tmp_path / "scratch").exists()


@pytest.mark.parametrize(
    ("more", "labels"),
    [
        (["images/a.png"], "images"),
        (["images/truth/a.png"], "images/truth"),
        (["images/val.txt", "labels/a.png"], "labels"),
        (["images/instances.json", "labels/a.png"], "labels"),
    ],
)
def test_beside_a_truth_images_are_shown_alone_under_names_that_tell_nothing(
    tmp_path, more, labels
):
    touch(tmp_path, "images/a.jpg", *more)
    images = pairs(tmp_path, "a", labels=labels)
    with without_truth(images, tmp_path / "scratch") as shown:
        (image,) = shown.images
        assert shown.folders == (image.parent,)
        assert [path.name for path in image.parent.iterdir()] == ["000000.jpg"]
        assert image.read_text() == "images/a.jpg"
    assert list((tmp_path / "scratch").iterdir()) == []
    assert (tmp_path / "images/a.jpg").read_text() == "images/a.jpg"


def test_on_another_disk_images_are_copied(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError("other device")

    monkeypatch.setattr(os, "link", refuse)
    touch(tmp_path, "images/a.jpg", "images/a.png")
    with without_truth(pairs(tmp_path, "a", labels="images"), tmp_path / "scratch") as shown:
        assert shown.images[0].read_text() == "images/a.jpg"


def test_links_to_images_are_followed(tmp_path):
    touch(tmp_path, "real/x.jpg")
    (tmp_path / "images").mkdir()
    (tmp_path / "images/a.jpg").symlink_to(tmp_path / "real/x.jpg")
    with without_truth([LabelledImage(tmp_path / "images/a.jpg", 1)], tmp_path) as shown:
        assert shown.images == (Path(tmp_path / "real/x.jpg"),)


def maps(folder, split):
    """A split of a data set of label maps, with the list SPLIT.txt."""
    config = {f"{split}_dataset": {"type": "Dataset", "mode": split, "num_classes": 2}}
    kind = {"train": "training", "val": "evaluation"}[split]
    scoring = find_dialect("paddleseg").scoring(config, kind)
    return LabelledData(folder, folder / f"{split}.txt", scoring, kind)


def boxes(folder, index):
    return LabelledData(folder, folder / index, find_dialect("paddledet").scoring({}, "evaluation"))


def test_label_maps_of_the_evaluation_are_covered_and_those_of_the_training_kept(tmp_path):
    label_images(tmp_path, "train.txt", "ab")
    label_images(tmp_path, "val.txt", "cd")
    (tmp_path / "labels" / "c_color.png").touch()
    covers = covers_of(maps(tmp_path, "val"), maps(tmp_path, "train"))
    assert covers == (Cover(tmp_path / "labels", frozenset({"a.png", "b.png"})),)


def test_images_beside_label_maps_are_kept_if_the_training_names_them(tmp_path):
    for name in ("a.jpg", "a.png", "b.jpg", "b.png", "classes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "train.txt").write_text("a.jpg a.png\n")
    (tmp_path / "val.txt").write_text("b.jpg b.png\n")
    (cover,) = covers_of(maps(tmp_path, "val"), maps(tmp_path, "train"))
    assert cover.keep == {"a.jpg", "a.png", "classes.txt", "train.txt", "val.txt"}


def test_annotations_of_the_evaluation_are_covered_and_images_beside_them_kept(tmp_path):
    for name in ("train.json", "val.json", "val_copy.json", "a.jpg", "labels.txt"):
        (tmp_path / name).touch()
    (cover,) = covers_of(boxes(tmp_path, "val.json"), boxes(tmp_path, "train.json"))
    assert cover == Cover(tmp_path, frozenset({"train.json", "a.jpg", "labels.txt"}))


def test_where_the_training_cannot_be_read_only_lists_are_kept(tmp_path):
    label_images(tmp_path, "val.txt", "cd")
    assert covers_of(maps(tmp_path, "val"), None) == (Cover(tmp_path / "labels", frozenset()),)


def test_what_cannot_be_read_is_not_covered_since_nothing_is_scored_by_it(tmp_path):
    assert covers_of(maps(tmp_path, "val"), None) == ()


def test_labels_in_a_folder_that_is_not_there_need_no_cover(tmp_path):
    (tmp_path / "val.txt").write_text("a.jpg gone/a.png\n")
    assert covers_of(maps(tmp_path, "val"), None) == ()


def test_labels_in_too_many_folders_are_not_covered(tmp_path, monkeypatch):
    label_images(tmp_path, "val.txt", "cd")
    monkeypatch.setattr(shown_module, "MAX_FOLDERS", 0)
    assert covers_of(maps(tmp_path, "val"), None) == ()
