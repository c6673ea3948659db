"""Sizes of images in folders as people keep them."""

import pytest
from PIL import Image

from bench.dynamic_shape.image_sizes import load_image_sizes
from core.errors import InputError


def test_sizes_are_read_from_headers(tmp_path):
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    (tmp_path / "deep").mkdir()
    Image.new("L", (7, 9)).save(tmp_path / "deep" / "b.JPG")
    (tmp_path / "broken.png").write_bytes(b"no image")
    (tmp_path / "list.txt").write_text("a.png")
    sizes, unreadable = load_image_sizes(tmp_path)
    assert (set(sizes), unreadable) == ({(30, 40), (9, 7)}, 1)


def test_links_to_folders_are_followed_once(tmp_path):
    (tmp_path / "real").mkdir()
    Image.new("L", (7, 9)).save(tmp_path / "real" / "a.png")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "images").symlink_to(tmp_path / "real")
    (tmp_path / "real" / "round").symlink_to(tmp_path / "data")
    assert load_image_sizes(tmp_path / "data") == (((9, 7),), 0)


def test_photographs_are_turned_as_opencv_turns_them(tmp_path):
    image = Image.new("RGB", (40, 30))
    turned = Image.Exif()
    turned[0x0112] = 6
    image.save(tmp_path / "a.jpg", exif=turned)
    assert load_image_sizes(tmp_path)[0] == ((40, 30),)


def test_large_images_are_extremes_too(tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    Image.new("1", (400, 300)).save(tmp_path / "a.png")
    assert load_image_sizes(tmp_path)[0] == ((300, 400),)
    assert Image.MAX_IMAGE_PIXELS == 100


@pytest.mark.parametrize(
    ("name", "problem"), [(".", "no images"), ("gone", "no such"), ("f", "a file")]
)
def test_what_holds_no_images_is_an_error(tmp_path, name, problem):
    (tmp_path / "f").write_text("")
    with pytest.raises(InputError, match=problem):
        load_image_sizes(tmp_path / name)
