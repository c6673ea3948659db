"""A registry is a tuple of module names; its values come in that order."""

import pytest

from core.registry import registered


def test_values_come_in_the_order_of_the_names():
    modules = ("safe_yaml", "git")
    assert list(registered("core", modules, "__name__")) == ["core.safe_yaml", "core.git"]


def test_modules_are_imported_only_when_their_value_is_taken():
    values = registered("core", ("git", "absent"), "__name__")
    assert next(values) == "core.git"
    with pytest.raises(ModuleNotFoundError, match=r"core\.absent"):
        next(values)


def test_a_module_without_the_value_is_an_error():
    with pytest.raises(AttributeError, match="RULE"):
        list(registered("core", ("git",), "RULE"))
