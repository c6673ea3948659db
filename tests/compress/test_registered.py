"""Where a suite's registered names are read from: the revision's own code, else the package."""

from __future__ import annotations

import dataclasses

import pytest

from compress.registered import find_registry
from compress.resolve import ConfigTree
from compress.suites import find_suite
from core.git import Entry
from core.installation import installed_package

DETECTION, SEGMENTATION = find_suite("paddledet"), find_suite("paddleseg")
HEAD = "ppdet/modeling/heads/head.py"
INIT = "ppdet/__init__.py"


def tree(suite, files, mode="100644"):
    entries = {path: Entry(mode, text) for path, text in files.items()}
    return ConfigTree(entries, lambda blob: blob.encode(), suite.dialect)


def test_a_revision_with_code_is_read_from_its_own():
    configs = tree(DETECTION, {HEAD: "@register\nclass NewHead: pass\n", INIT: "", "a.yml": ""})
    registry = find_registry(configs, DETECTION)
    assert registry is not None
    assert registry.by_name() == {"NewHead"}


def test_equal_code_is_read_once():
    files = {HEAD: "@register\nclass SameHead: pass\n", INIT: ""}
    first = find_registry(tree(DETECTION, files), DETECTION)
    again = find_registry(tree(DETECTION, {**files, "configs/a.yml": "x: 1"}), DETECTION)
    assert again is first


def test_links_are_not_followed():
    registry = find_registry(tree(DETECTION, {HEAD: "../x.py", INIT: "x"}, "120000"), DETECTION)
    assert registry is not None
    assert registry.unread == (INIT, HEAD)


@pytest.mark.parametrize(
    ("suite", "name", "kind"),
    [(DETECTION, "PicoHeadV2", "head"), (SEGMENTATION, "PPLiteSeg", "model")],
)
def test_a_revision_without_code_is_read_from_the_installed_package(suite, name, kind):
    registry = find_registry(tree(suite, {"configs/a.yml": ""}), suite)
    assert registry is not None
    assert registry.kinds(name) == {kind}
    assert registry.unread == ()


def test_a_folder_that_python_would_pass_over_does_not_hide_the_installed_package():
    files = {"paddleseg/evil.py": "@manager.MODELS.add_component\nclass Evil: pass\n"}
    registry = find_registry(tree(SEGMENTATION, files), SEGMENTATION)
    assert registry is not None
    assert registry.kinds("PPLiteSeg") == {"model"}
    assert registry.kinds("Evil") == frozenset()


def test_without_any_code_nothing_is_known():
    absent = dataclasses.replace(SEGMENTATION, distribution="no-such-distribution-of-slimgate")
    assert find_registry(tree(SEGMENTATION, {}), absent) is None
    assert installed_package("no-such-distribution-of-slimgate", "paddleseg") is None
    unknown = dataclasses.replace(SEGMENTATION, registrars=None)
    assert find_registry(tree(SEGMENTATION, {}), unknown) is None
