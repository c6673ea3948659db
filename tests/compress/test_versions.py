"""Versions are those of installed libraries only; an absent one has no entry."""

from importlib.metadata import version

import pytest

from compress import versions
from compress.versions import (
    library_versions,
    reading_versions,
    suite_distributions,
    suite_versions,
)


@pytest.mark.parametrize("read", [library_versions, reading_versions, suite_versions])
def test_absent_libraries_have_no_entry(monkeypatch, read):
    monkeypatch.setattr(versions, "installed", lambda _: None)
    assert read() == {}


def test_versions_are_the_installed_ones():
    assert library_versions()["numpy"] == version("numpy")
    assert reading_versions()["pillow"] == version("pillow")


def test_an_artifact_does_not_depend_on_what_reads_images():
    assert not set(library_versions()) & set(reading_versions())


def test_each_suite_has_a_distribution():
    assert suite_distributions() == ("paddleseg", "paddledet")
