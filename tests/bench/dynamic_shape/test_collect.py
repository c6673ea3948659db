"""Ranges for dynamic shapes: which sizes, what a worker collected, what a file lacks."""

import pytest
from PIL import Image

from bench.dynamic_shape.collect import (
    Sizes,
    check_shapes,
    collect_shapes,
    describe,
    parse_size,
    wanted_sizes,
)
from bench.dynamic_shape.ranges import Resizing, ShapeRange
from core.errors import InputError, JobFailure

FREE = {"x": [-1, 3, -1, -1], "scale": [-1, 2]}
SIZES = Sizes(((8, 16), (64, 32)), 5)


def collected(name="x", least=(1, 3, 8, 16), greatest=(2, 3, 64, 32)):
    """A file as Paddle writes it."""
    bounds = {"min": least, "max": greatest}
    lines = [f"  {kind}_shape: {axis}" for kind, shape in bounds.items() for axis in shape]
    return "\n".join(["shape_range_info {", f'  name: "{name}"', *lines, "}"])


@pytest.mark.parametrize("text", ["480x640", "480X640"])
def test_a_size_is_height_and_width(text):
    assert parse_size(text, "--size") == (480, 640)


@pytest.mark.parametrize("text", ["", "480", "0x640", "480x640x3", "-1x8", "480 x 640", "４x8"])
def test_other_sizes_are_refused_with_an_example(text):
    with pytest.raises(InputError) as caught:
        parse_size(text, "--size")
    assert caught.value.key == "--size"
    assert "--size 480x640" in caught.value.hint


def test_sizes_are_those_of_images_after_preprocessing_and_those_that_are_named(tmp_path):
    Image.new("L", (20, 10)).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"broken")
    sizes = wanted_sizes(tmp_path, ("7x9",), Resizing(None, 32))
    assert set(sizes.extremes) == {(32, 32), (7, 9)}  # what is named is taken as it is
    assert (sizes.total, sizes.unreadable) == (2, 1)


def test_without_any_size_the_options_are_named():
    with pytest.raises(InputError) as caught:
        wanted_sizes(None, (), Resizing())
    assert "--images" in caught.value.hint
    assert "--size" in caught.value.hint


def test_a_collected_range_is_written_and_covers_its_sizes(models, workshop, tmp_path):
    model, out = models.folder("m", feeds=FREE, shapes=collected()), tmp_path / "out" / "s.pbtxt"
    report = collect_shapes(model, SIZES, 2, out, workshop)
    assert report.range == ShapeRange((1, 3, 8, 16), (2, 3, 64, 32))
    assert report.findings == ()
    assert out.read_text() == collected()
    assert check_shapes(model, SIZES, out, workshop.workplace) == report


def test_sizes_that_a_file_lacks_are_found(models, workshop, tmp_path):
    model = models.folder("m", feeds=FREE)
    (tmp_path / "s.pbtxt").write_text(collected())
    report = check_shapes(
        model, Sizes(((8, 16), (128, 32)), 2), tmp_path / "s.pbtxt", workshop.workplace
    )
    (finding,) = report.findings
    assert finding.code == "SG401"
    assert "128x32" in finding.message


def test_the_old_file_stays_if_collecting_fails(models, workshop, tmp_path):
    out = tmp_path / "s.pbtxt"
    out.write_text("old")
    failing = models.folder("failing", feeds=FREE, fails={"collect": "no such operator"})
    with pytest.raises(JobFailure, match="no such operator"):
        collect_shapes(failing, SIZES, 1, out, workshop)
    with pytest.raises(InputError, match="collected shapes"):
        collect_shapes(models.folder("odd", feeds=FREE, shapes="?"), SIZES, 1, out, workshop)
    assert out.read_text() == "old"


def test_a_folder_is_no_place_for_the_file(models, workshop, tmp_path):
    with pytest.raises(InputError, match="a folder, not a file") as caught:
        collect_shapes(models.folder("m", feeds=FREE), SIZES, 1, tmp_path, workshop)
    assert caught.value.file == str(tmp_path)
    assert models.requests() == []


def test_a_file_that_is_missing_is_named(models, workshop, tmp_path):
    with pytest.raises(InputError, match="no such file") as caught:
        check_shapes(models.folder("m", feeds=FREE), SIZES, tmp_path / "gone", workshop.workplace)
    assert caught.value.hint == "collect one with --out"


def test_a_model_of_one_size_needs_no_range(models, workshop, tmp_path):
    model = models.folder("m", feeds={"x": [-1, 3, 8, 8], "scale": [-1, -1]})
    with pytest.raises(InputError, match="images of one size only") as caught:
        check_shapes(model, SIZES, tmp_path / "s.pbtxt", workshop.workplace)
    assert "dynamic_shape: true" in caught.value.hint


def test_a_report_is_described_line_by_line(models, workshop, tmp_path):
    model, file = models.folder("m", feeds=FREE), tmp_path / "s.pbtxt"
    file.write_text(collected())
    lines = list(
        describe(check_shapes(model, Sizes(((8, 16), (128, 32)), 7, 2), file, workshop.workplace))
    )
    assert lines[:3] == [
        "7 sizes, extremes: 8x16, 128x32",
        "2 images could not be read",
        "range: 8x16 to 64x32, batches of 1 to 2",
    ]
    assert len(lines) == 4
    assert "SG401: " in lines[3]
