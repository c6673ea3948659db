"""Sizes for TensorRT's dynamic shapes: extremes, resizing, files of Paddle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bench.shapes import (
    Resizing,
    ShapeRange,
    extreme_sizes,
    image_range,
    load_image_sizes,
    parse_shape_ranges,
)
from compress.errors import InputError

SIDE = st.integers(1, 2000)
ENTRY = """shape_range_info {{
  name: "{name}"
  {lines}
}}
"""


def written(name, least, greatest):
    """As Paddle writes a tensor."""
    bounds = {"min": least, "max": greatest, "opt": least}
    lines = [f"{kind}_shape: {axis}" for kind, shape in bounds.items() for axis in shape]
    return ENTRY.format(name=name, lines="\n  ".join(lines))


@given(st.lists(st.tuples(SIDE, SIDE), min_size=1))
def test_four_images_span_what_all_do(sizes):
    few = extreme_sizes(sizes)
    assert len(few) <= 4
    assert set(few) <= set(sizes)
    for axis in (0, 1):
        assert min(size[axis] for size in few) == min(size[axis] for size in sizes)
        assert max(size[axis] for size in few) == max(size[axis] for size in sizes)


@pytest.mark.parametrize(
    ("size", "made"),
    [((480, 640), (800, 1067)), ((640, 480), (1067, 800)), ((300, 900), (444, 1333))],
)
def test_sides_keep_their_proportions(size, made):
    assert Resizing((800, 1333))(size) == made


def test_images_are_padded_to_whole_strides():
    assert Resizing(None, 32)((480, 641)) == (480, 672)


def test_what_paddle_writes_is_read():
    text = written("x", (1, 3, 8, 16), (1, 3, 64, 32)) + written("w", (8, 3), (8, 3))
    ranges = parse_shape_ranges(text, "shapes.pbtxt")
    assert set(ranges) == {"x", "w"}
    assert image_range(ranges, ["im_shape", "x"], "f") == ShapeRange((1, 3, 8, 16), (1, 3, 64, 32))
    assert ranges["x"].sizes == ((8, 16), (64, 32))


@pytest.mark.parametrize("text", ["", "a: 1", 'shape_range_info { name: "x" min_shape: 1 }'])
def test_other_files_are_refused(text):
    with pytest.raises(InputError, match="no file of collected shapes"):
        parse_shape_ranges(text, "shapes.pbtxt")


def test_a_file_of_another_model_is_refused():
    ranges = parse_shape_ranges(written("image", (1, 3, 8, 8), (1, 3, 8, 8)), "f")
    with pytest.raises(InputError, match="image input") as caught:
        image_range(ranges, ["x"], "shapes.pbtxt")
    assert caught.value.choices == ("x",)


def test_sizes_are_read_from_headers(tmp_path):
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    (tmp_path / "deep").mkdir()
    Image.new("L", (7, 9)).save(tmp_path / "deep" / "b.JPG")
    (tmp_path / "broken.png").write_bytes(b"no image")
    (tmp_path / "list.txt").write_text("a.png")
    assert set(load_image_sizes(tmp_path)) == {(30, 40), (9, 7)}


def test_a_folder_without_images_is_an_error(tmp_path):
    with pytest.raises(InputError, match="no images"):
        load_image_sizes(tmp_path)
