"""Errors about names that a suite does not register."""

from __future__ import annotations

import pytest

from compress.suites.registry_names import RegisteredName, Registry
from compress.suites.unknown_names import unknown_name
from core.errors import MAX_SHOWN

REGISTRY = Registry({"UNet": RegisteredName(), "PPLiteSeg": RegisteredName()})


def error_about(name, registry=REGISTRY):
    return unknown_name(name, frozenset({"UNet", "PPLiteSeg"}), "model.type", "class", registry)


def test_a_known_name_is_no_error():
    assert error_about("UNet") is None


def test_the_nearest_name_is_offered():
    error = error_about("UNett")
    assert error.message == "the suite has no class 'UNett'; did you mean 'UNet'?"
    assert error.choices == ["PPLiteSeg", "UNet"]


@pytest.mark.parametrize(
    ("value", "quoted"), [(["UNet"], "['UNet']"), ({"type": "UNet"}, "{'type': 'UNet'}")]
)
def test_a_list_or_a_mapping_is_no_name(value, quoted):
    error = error_about(value)
    assert error.message == f"the name of a class is needed, not {quoted}"
    assert (error.key, error.hint) == ("model.type", "write the name of a class")


@pytest.mark.parametrize("value", [None, 1, True])
def test_a_plain_value_that_is_no_text_is_unknown(value):
    assert error_about(value).message == f"the suite has no class {value!r}"


def test_a_long_name_is_quoted_in_part_and_no_name_is_near():
    error = error_about("U" + "x" * 190_000 + "Net")
    assert len(error.message) == len("the suite has no class ") + MAX_SHOWN
    assert error.message.startswith("the suite has no class 'Uxxx")
    assert error.message.endswith("xxxNet'")


def test_where_files_could_not_be_read_no_name_is_doubted():
    assert error_about("x", Registry({}, ("a.py",))) is None
    assert error_about(["x"], None) is None
