"""A value of an odd type at any place of a config is passed over or refused in words."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from compress.registered import find_registry
from compress.resolve import ConfigTree
from compress.suites import find_suite
from compress.suites.dialect import SPLITS, Document
from core.errors import InputError
from core.safe_yaml import parse_mapping
from tests.compress.suites.paddledet.test_loading import MODEL as DETECTION
from tests.compress.suites.paddleseg.test_loading import MODEL as SEGMENTATION

SLIDING = "test_config: {is_slide: true, crop_size: [8, 8], stride: [4, 4], aug_eval: true}\n"
EXPORT = "export: {nms: true, post_process: true}\nmetric: COCO\nTestReader: {x: 1}\n"
DOCUMENTS = {
    "paddleseg": SEGMENTATION.rpartition("test_config")[0] + SLIDING,
    "paddledet": DETECTION + EXPORT,
}
ODD: tuple[Any, ...] = (None, True, 1, -0.5, "x", [], ["x"], {}, {"a": 1}, {"!tag": "x"}, [[{}]])


def paths_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value below the root."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        yield (*path, key)
        if isinstance(inner, (dict, list)):
            yield from paths_of(inner, (*path, key))


def with_value(document: Document, path: tuple[Any, ...], value: Any) -> Document:
    changed = copy.deepcopy(document)
    inner: Any = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


def read_everything(name: str, document: Document) -> list[str]:
    """The keys of all errors, after every question that is asked about a config."""
    suite = find_suite(name)
    dialect, registry = (
        suite.dialect,
        find_registry(ConfigTree({}, lambda _: None, suite.dialect), suite),
    )
    errors: list[InputError] = []
    for question in (
        dialect.is_model,
        dialect.input_shape,
        dialect.normalisation,
        dialect.evaluation_size,
        dialect.evaluation_data,
        dialect.training_data,
        suite.channels,
        lambda d: [dialect.scoring(d, split) for split in SPLITS],
        lambda d: errors.extend(suite.check_file(d, registry)),
        lambda d: errors.extend(suite.check_config(d, registry)),
        lambda d: errors.extend(suite.unmeasured(d, suite.evaluated(d, d), "none")),
    ):
        question(document)
    return [str(error.key) for error in errors]


@pytest.mark.parametrize("value", ODD, ids=repr)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_odd_value_anywhere_raises_nothing(name, value):
    document = parse_mapping(DOCUMENTS[name], "x.yml")
    assert read_everything(name, document) == []
    for path in paths_of(document):
        read_everything(name, with_value(document, path, value))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("paddleseg", ("model", "type")),
        ("paddleseg", ("model", "backbone", "type")),
        ("paddleseg", ("val_dataset", "transforms", 0, "type")),
        ("paddleseg", ("lr_scheduler", "type")),
        ("paddleseg", ("loss", "types", 0, "type")),
        ("paddledet", ("architecture",)),
        ("paddledet", ("EvalDataset", "name")),
        ("paddledet", ("OptimizerBuilder", "optimizer", "type")),
        ("paddledet", ("OptimizerBuilder", "regularizer", "type")),
        ("paddledet", ("LearningRate", "schedulers", 1, "name")),
    ],
)
@pytest.mark.parametrize("value", [["x"], {"a": 1}], ids=repr)
def test_a_name_that_is_no_text_is_named(name, path, value):
    document = with_value(parse_mapping(DOCUMENTS[name], "x.yml"), path, value)
    assert ".".join(map(str, path)) in read_everything(name, document)
