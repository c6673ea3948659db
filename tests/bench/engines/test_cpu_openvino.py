"""OpenVINO: the exact properties, what it needs, and which models it would run otherwise."""

import pytest

from bench.engines.base import EngineOptions
from bench.engines.cpu_openvino import ENGINE
from bench.engines.machine import Needs
from bench.engines.proof import ExecutedLayers


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_latency_on_so_many_threads_and_fp32_where_int8_does_not_run(precision):
    calls = ENGINE.configure(EngineOptions(precision, 3, ("conv2d",), ("a_pass", "batch_norm")))
    assert list(map(str, calls)) == [
        "set_property('INFERENCE_PRECISION_HINT', 'f32')",
        "set_property('INFERENCE_NUM_THREADS', 3)",
        "set_property('PERFORMANCE_HINT', 'LATENCY')",
        "set_property('NUM_STREAMS', 1)",
    ]


def test_it_needs_a_runtime_with_openvino():
    assert ENGINE.needs("fp32") == ENGINE.needs("int8") == Needs(openvino=True)


def test_int8_is_proven_by_the_layers_that_run():
    assert ENGINE.proof("fp32") is None
    assert ENGINE.proof("int8") == ExecutedLayers(types=("i8", "u8"))


def test_a_quantised_model_runs_in_int8_and_no_other_does():
    assert "not quantised" in ENGINE.unfit("int8", quantised=False)
    assert ENGINE.unfit("int8", quantised=True) is None
    assert "in int8" in ENGINE.unfit("fp32", quantised=True)
    assert ENGINE.unfit("fp32", quantised=False) is None
