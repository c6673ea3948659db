"""Parts of configs are read whatever their type: a wrong one counts as absent."""

import pytest

from compress.suites.parts import (
    in_words,
    is_mergeable,
    is_size,
    listed_bases,
    mappings_in,
    section,
    text_or_none,
)
from core.safe_yaml import parse_yaml


def test_mappings_merge_but_tagged_ones_do_not():
    data = parse_yaml("plain: {x: 1}\ntagged: !Coco {x: 1}\nempty: {}\nlist: [1]", "f")
    mergeable = [key for key, value in data.items() if is_mergeable(value)]
    assert mergeable == ["plain", "empty"]


@pytest.mark.parametrize(
    ("document", "bases"),
    [
        ({}, []),
        ({"_base_": None}, []),
        ({"_base_": "a.yml"}, ["a.yml"]),
        ({"_base_": ["a.yml", "b.yml"]}, ["a.yml", "b.yml"]),
        ({"_base_": 3}, [3]),
        ({"_base_": ""}, [""]),
    ],
)
def test_bases_are_one_path_or_a_list(document, bases):
    assert list(listed_bases(document, "_base_")) == bases


@pytest.mark.parametrize("value", [None, 1, "x", [{"a": 1}]])
def test_a_section_that_is_not_a_mapping_is_empty(value):
    assert section({"key": value}, "key") == {}
    assert section({}, "key") == {}


def test_only_the_mappings_of_a_list_count():
    assert mappings_in([{"a": 1}, 2, None, {"b": 2}]) == [{"a": 1}, {"b": 2}]
    assert mappings_in({"a": 1}) == []


@pytest.mark.parametrize(
    ("value", "length", "fits"),
    [
        ([512, 512], 2, True),
        ([3, 640, 640], 3, True),
        ([512], 2, False),
        ([512, -1], 2, False),
        ([512, 0], 2, False),
        ([512, 1.5], 2, False),
        ((512, 512), 2, False),
        ("512", 3, False),
        (None, 2, False),
    ],
)
def test_a_size_is_a_list_of_positive_whole_numbers(value, length, fits):
    assert is_size(value, length) is fits


def test_steps_in_words_are_equal_where_their_numbers_are():
    (whole,) = in_words([{"std": [1, 1], "mean": (0, 0), "is_scale": True}])
    (broken,) = in_words([{"mean": [0.0, 0.0], "is_scale": True, "std": [1.0, 1.0]}])
    assert whole == broken == "is_scale=True mean=[0.0, 0.0] std=[1.0, 1.0]"
    assert in_words([]) == ()


def test_only_text_is_text():
    assert text_or_none("data/x") == "data/x"
    assert text_or_none(["data/x"]) is None
    assert text_or_none(None) is None
