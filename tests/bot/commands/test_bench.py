"""``slimgate bench``: what it refuses before anything is timed."""

import os
import sys
from pathlib import Path

import pytest

from tests.bot.shell import slimgate


@pytest.fixture
def model(tmp_path):
    """A folder with the files of a model, which nothing here runs."""
    for name in ("model.pdmodel", "model.pdiparams"):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


@pytest.mark.parametrize("shape", ["3x224", "1x3x0x4", "axbxcxd", "1x3x4x4x4", ""])
def test_a_wrong_shape_says_how_to_write_it(model, shape):
    ended = slimgate("bench", model, "--shape", shape)
    assert ended.returncode == 2
    assert "--shape" in ended.stderr
    assert "--shape 1x3x512x1024" in ended.stderr


def test_a_folder_without_a_model_is_named(tmp_path):
    ended = slimgate("bench", tmp_path, "--shape", "1x3x8x8")
    assert ended.returncode == 2
    assert f"no model.pdmodel in {tmp_path}" in ended.stderr


def test_an_unknown_target_lists_the_valid_ones(model):
    ended = slimgate("bench", model, "--shape", "1x3x8x8", "--target", "cpu-onednn-int9:conv2d")
    assert ended.returncode == 2
    assert "nearest: cpu-onednn-int8" in ended.stderr


@pytest.mark.parametrize("words", [("--seconds", "0"), ("--threads", "0"), ("--format", "xml")])
def test_values_out_of_range_are_refused(model, words):
    ended = slimgate("bench", model, "--shape", "1x3x8x8", *words)
    assert ended.returncode == 2
    assert words[0] in ended.stderr


@pytest.mark.parametrize(
    "words", [("bench", "--shape", "1x3x8x8"), ("shapes", "--size", "8x8", "--out", "shapes.txt")]
)
def test_a_model_is_run_in_a_sandbox_or_not_at_all_unless_that_is_asked_for(model, words):
    command, *options = words
    os.symlink("/usr/bin/git", model / "git")  # and no bwrap
    path = f"{Path(sys.executable).parent}:{model}"
    ended = slimgate(command, model, *options, cwd=model, PATH=path)
    assert (ended.returncode, "bubblewrap is not installed" in ended.stderr) == (2, True)
    ended = slimgate(command, model, *options, "--no-sandbox", cwd=model, PATH=path)
    assert (ended.returncode, "bubblewrap" in ended.stderr) == (3, False)
