"""Workers are shown images, and nothing that could tell what they are scored by."""

import os
from pathlib import Path

import pytest

from bench.metrics.base import LabelledImage
from bench.shown import without_truth


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
