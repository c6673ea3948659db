"""Configs for a suite's own loader."""

import pickle

import pytest
import yaml

from compress.in_worker.suite import without_downloads, write_config


def test_addresses_of_pretrained_weights_are_emptied_wherever_they_stand():
    document = {
        "pretrained": "https://h/a.pdparams",
        "model": {"backbone": {"pretrained": "b"}, "heads": [{"pretrained": "c", "n": 1}]},
    }
    assert without_downloads(document) == {
        "pretrained": None,
        "model": {"backbone": {"pretrained": None}, "heads": [{"pretrained": None, "n": 1}]},
    }


def test_switches_of_that_name_stay():
    """Some backbones take a truth value; it is not an address."""
    document = {"pretrained": False, "nested": {"pretrained": {"url": "x"}}}
    assert without_downloads(document) == document


def test_a_config_is_never_a_pickle(tmp_path, monkeypatch):
    """These keys make a pickle of the YAML text: it pushes a string and stops."""
    monkeypatch.chdir(tmp_path)
    text = "V" + "a" * 9 + "\n."
    assert pickle.loads(text.encode()) == "a" * 9
    path = write_config({"V" + "a" * 9: None}, ())
    with pytest.raises(pickle.UnpicklingError, match="invalid load key, '#'"):
        pickle.loads(path.read_bytes())


def test_a_tag_that_the_suite_cannot_construct_is_not_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tagged = {"TestDataset": {"!tag": "Callable", "full_type": "os.system"}}
    with pytest.raises(ValueError, match="the tag !Callable is none of the suite's"):
        write_config(tagged, {"COCODataSet"})
    assert not list(tmp_path.iterdir())


def test_the_config_is_written_to_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = write_config({"epochs": 1, "pretrained": "x"}, (), "data.yml")
    assert (tmp_path / path).name == "data.yml"
    assert yaml.safe_load(path.read_text()) == {"epochs": 1, "pretrained": None}
