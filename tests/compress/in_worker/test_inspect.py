"""What an exported program holds, as the worker describes it."""

from pathlib import Path

import pytest

from compress.worker.start import Workplace
from tests.compress.conftest import ROOT
from tests.workers import run_worker


@pytest.fixture(scope="module")
def inspection(bench, tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("inspect"), {"PYTHONPATH": ROOT})
    request = {"model": Path(bench.model)}
    answer, _ = run_worker(
        "compress.in_worker.inspect", "inspect", request, workplace=place, timeout_s=100
    )
    return answer


def test_inputs_ops_and_nodes_are_listed(inspection):
    assert inspection["feeds"] == {"x": [-1, 3, 32, 32]}
    assert inspection["ops"]["conv2d"] == 3
    assert inspection["ops"]["depthwise_conv2d"] == 1
    ((_, shape),) = inspection["nodes"]
    assert shape == [-1, 4, 32, 32]
    assert inspection["quantised"] == []


def test_synchronised_batch_norms_are_exported_as_plain_ones(inspection):
    assert inspection["ops"]["batch_norm"] == 2
    assert "sync_batch_norm" not in inspection["ops"]


def test_the_doctor_s_facts_are_those_of_the_program(inspection):
    facts = inspection["facts"]
    assert facts["ops"] == inspection["ops"]
    assert facts["feeds"] == inspection["feeds"]
    assert facts["candidates"] == [name for name, _ in inspection["nodes"]]
    assert facts["candidate_shapes"] == dict(inspection["nodes"])
    assert "head.weight" in facts["layers"].values()
    assert (facts["integer_weights"], facts["vector_products"]) == ([], [])
