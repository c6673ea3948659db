"""Labelled images of a split are found below the data folder, or the reason is named."""

import pytest

from bench.labelled import find_labelled
from compress.suites import find_dialect
from tests.bench.conftest import data_sections

CONFIG = data_sections("t", "v")


@pytest.fixture
def data(tmp_path):
    for name, index in (("t", "train.txt"), ("v", "val.txt")):
        (tmp_path / name).mkdir()
        (tmp_path / name / index).write_text("")
    return tmp_path


def find(data, split="evaluation", config=CONFIG):
    return find_labelled(find_dialect("paddleseg"), config, split, "data", data)


@pytest.mark.parametrize(
    ("split", "folder", "index"), [("evaluation", "v", "val.txt"), ("training", "t", "train.txt")]
)
def test_each_split_has_its_folder_and_list(data, split, folder, index):
    labelled, reason = find(data, split)
    assert (labelled.folder, labelled.index, labelled.split) == (
        data / folder,
        data / folder / index,
        split,
    )
    assert reason == ""


def test_images_of_training_need_those_of_the_evaluation(data):
    (data / "v" / "val.txt").unlink()
    assert find(data, "training") == (None, "no data: data/v/val.txt is missing")


def test_images_of_the_evaluation_do_not_need_those_of_training(data):
    (data / "t" / "train.txt").unlink()
    assert find(data)[0] is not None
    assert find(data, "training") == (None, "no data: data/t/train.txt is missing")


def test_without_a_data_folder_the_config_names_what_is_missing():
    assert find(None) == (None, "no data at data/v")


def test_a_config_without_a_data_set_says_so(data):
    assert find(data, config={}) == (None, "the config names no data set")


def test_training_images_leave_out_those_of_the_evaluation(data):
    labelled, _ = find(data, "training")
    assert labelled.without == find(data)[0]


def test_a_data_set_that_only_the_suite_can_read_is_not_scored(data):
    config = {**CONFIG, "val_dataset": {**CONFIG["val_dataset"], "type": "EG1800"}}
    assert find(data, config=config) == (None, "only the suite's code can read the data set EG1800")
