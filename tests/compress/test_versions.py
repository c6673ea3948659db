"""Versions are those of installed libraries only; an absent one has no entry."""

from dataclasses import replace
from importlib.metadata import version

import pytest

from compress.runtimes.runtime import own_runtime
from compress.versions import (
    decisive_distributions,
    library_versions,
    reading_versions,
    suite_distributions,
    suite_versions,
)

OWN = own_runtime()


@pytest.mark.parametrize("read", [library_versions, reading_versions, suite_versions])
def test_absent_libraries_have_no_entry(tmp_path, read):
    assert read(replace(OWN, packages=(tmp_path,))) == {}


def test_versions_are_the_installed_ones():
    assert library_versions(OWN)["numpy"] == version("numpy")
    assert reading_versions(OWN)["pillow"] == version("pillow")


def test_an_artifact_does_not_depend_on_what_reads_images():
    assert not set(library_versions(OWN)) & set(reading_versions(OWN))


def test_each_suite_has_a_distribution():
    assert suite_distributions() == ("paddleseg", "paddledet")


def test_whatever_decides_a_result_is_compared_between_environments():
    assert {"paddlepaddle", "pycocotools", "paddleseg"} <= {*decisive_distributions()}
