"""Outlines are read by workers and kept in the store."""

from dataclasses import replace

import pytest

from compress.artifacts import outlining
from compress.artifacts.outlining import outline_model
from compress.artifacts.spec import ExportSpec
from tests.compress.programs.builders import outline

CONFIG = {"model": {"type": "UNet"}, "optimizer": {"lr": 1}}
SPEC = ExportSpec(CONFIG, None, (1, 3, 64, 96), "argmax")
PROGRAM = outline(("relu", ["x"]))


@pytest.fixture
def answering(worker, monkeypatch):
    worker.answer = lambda request: PROGRAM
    monkeypatch.setattr(outlining, "run_worker", worker.run)
    return worker


def test_a_worker_exports_the_config_without_training_or_data(workshop, answering, source):
    assert outline_model(workshop, source, SPEC) == PROGRAM
    (request,) = answering.requests
    assert answering.modules == ["compress.in_worker.outline"]
    assert request.resolved == {"model": CONFIG["model"]}
    assert request.suite.data is None
    assert (request.shape, request.output_op) == ((1, 3, 64, 96), "argmax")


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 1),
        ({"resolved": {**CONFIG, "optimizer": {"lr": 2}}}, 1),
        ({"resolved": {**CONFIG, "model": {"type": "BiSeNet"}}}, 2),
        ({"input_shape": (1, 3, 64, 64)}, 2),
        ({"output_op": "none"}, 2),
    ],
)
def test_what_the_store_holds_is_not_read_again(workshop, answering, source, changes, count):
    outline_model(workshop, source, SPEC)
    assert outline_model(workshop, source, replace(SPEC, **changes)) == PROGRAM
    assert len(answering.requests) == count


def test_other_code_is_another_program(workshop, answering, source):
    outline_model(workshop, source, SPEC)
    outline_model(workshop, replace(source, code_id="other"), SPEC)
    assert len(answering.requests) == 2
