"""Sizes for TensorRT's dynamic shapes: extremes, resizing, files of Paddle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.dynamic_shape.ranges import (
    Resizing,
    ShapeRange,
    extreme_sizes,
    image_range,
    parse_shape_ranges,
    shapes_to_run,
)
from core.errors import InputError

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
def test_few_images_span_what_all_do(sizes):
    few = extreme_sizes(sizes)
    assert len(few) <= 6
    assert set(few) <= set(sizes)
    for measure in (lambda size: size[0], lambda size: size[1], lambda size: size[0] * size[1]):
        assert min(map(measure, few)) == min(map(measure, sizes))
        assert max(map(measure, few)) == max(map(measure, sizes))


def test_the_greatest_width_is_taken_at_the_greatest_height():
    assert set(extreme_sizes([(208, 1333), (800, 1333), (1333, 800), (1333, 208)])) == {
        (208, 1333),
        (1333, 208),
        (800, 1333),
        (1333, 800),
    }


def test_batches_are_padded_to_the_largest_sides():
    assert shapes_to_run([(8, 16), (16, 8)], 1) == [(1, 3, 8, 16), (1, 3, 16, 8)]
    assert (4, 3, 16, 16) in shapes_to_run([(8, 16), (16, 8)], 4)


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


LONG = "9" * 5000
TOO_LONG = f'shape_range_info {{ name: "x" min_shape: {LONG} max_shape: 1 }}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: 1",
        'shape_range_info { name: "x" min_shape: 1 }',
        TOO_LONG,
        TOO_LONG.replace(LONG, "\u0661"),
        "shape_range_info {" * 20_000,
    ],
)
def test_other_files_are_refused(text):
    with pytest.raises(InputError, match="not a file of collected shapes"):
        parse_shape_ranges(text, "shapes.pbtxt")


def test_a_file_of_another_model_is_refused():
    ranges = parse_shape_ranges(written("image", (1, 3, 8, 8), (1, 3, 8, 8)), "f")
    with pytest.raises(InputError, match="no range for this model's image input") as caught:
        image_range(ranges, ["x"], "shapes.pbtxt")
    assert caught.value.choices == ("x",)
