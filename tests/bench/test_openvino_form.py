"""Models in OpenVINO's form: really converted, run, proven and timed beside Paddle.

``make`` puts OpenVINO into a folder of its own in the environment of the tests, which stays that of
the default runtime.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.deployment import Deployment
from bench.engines.targets import find_runnable, find_target
from bench.machine import see_machine
from bench.openvino_form import MODEL, in_its_form
from bench.timing import check_loads, prove_precision, timed_worker
from compress.runtimes.runtime import own_runtime
from compress.worker.start import Workplace, start_worker
from compress.workshop import Workshop
from core.errors import InputError, JobFailure
from core.store import Store
from tests.compress.conftest import CONVS, Bench

ROOT = str(Path(__file__).parents[2])
OPENVINO = Path(sys.prefix) / "openvino"
SHAPE = (1, 3, 32, 32)


def runtime_with_openvino():
    own = own_runtime("paddle-2.6.2-cpu-openvino")
    paths = (str(OPENVINO), ROOT, os.environ.get("PYTHONPATH", ""))
    return replace(
        own,
        packages=(*own.packages, OPENVINO),
        environment={"PYTHONPATH": os.pathsep.join(filter(None, paths))},
    )


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("openvino")
    (folder / "scratch").mkdir()
    runtime = runtime_with_openvino()
    return Workshop(Store(folder / "store"), folder / "scratch", 200, 2, runtime=runtime)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("models"), runtime=runtime_with_openvino())
    with start_worker("tests.workers.methods", "methods", place) as worker:
        yield Bench(worker)


@pytest.fixture(scope="module")
def quantised(bench):
    """A network after PTQ of its convolutions and additions: scales without dimensions, and
    observers.
    """
    model = bench.export("feed_forward")
    section = {"quantize_op_types": ["conv2d", "depthwise_conv2d", "matmul_v2"], "batch_nums": 2}
    (made,) = bench.compress({"QuantPost": section}, model, model)
    return Path(made["out"])


def deployed(model, target):
    return Deployment(Path(model), find_target(target), (), (), SHAPE)


def infer(bench, model, target):
    request = {"do": "infer", "model": str(model), "target": target}
    return np.array(bench.worker.call(request, 60)["output"])


@pytest.mark.paddle
def test_in_fp32_openvino_computes_what_paddle_does(bench, workshop):
    model = deployed(bench.model, "cpu-openvino-fp32")
    converted = in_its_form(model, workshop)
    assert (converted.folder / MODEL).is_file()
    assert converted.folder != model.folder
    assert in_its_form(model, workshop) == converted
    assert in_its_form(converted, workshop) == converted
    ours = infer(bench, converted.folder, "cpu-openvino-fp32")
    paddles = infer(bench, bench.model, "cpu-native-fp32")
    assert ours == pytest.approx(paddles, rel=1e-4, abs=1e-5)
    check_loads(converted, workshop)


@pytest.mark.paddle
def test_in_int8_openvino_rounds_what_paddle_rounds_and_nothing_else(bench, workshop, quantised):
    converted = in_its_form(deployed(quantised, "cpu-openvino-int8"), workshop)
    exact = np.array(bench.worker.call({"do": "run", "model": str(quantised)}, 60)["output"])
    ours = infer(bench, converted.folder, "cpu-openvino-int8")
    assert np.abs(ours - exact).max() < 0.02 * np.abs(exact).max()
    proof = prove_precision(converted, workshop)
    low, every = proof.convolutions
    assert 0 < low == every
    assert proof.ops["fullyconnected"][0] > 0
    assert proof.kernels is None
    with timed_worker(converted, workshop) as worker:
        assert all(sample > 0 for sample in worker.time_runs(3))


@pytest.mark.paddle
def test_models_of_the_example_method_run_whole(bench, workshop):
    (made,) = bench.compress({"QuantAware": CONVS, "Distillation": {}})
    converted = in_its_form(deployed(made["out"], "cpu-openvino-int8"), workshop)
    assert prove_precision(converted, workshop).convolutions == (4, 4)


@pytest.mark.paddle
def test_a_model_in_paddleslims_old_form_is_refused_with_the_remedy(bench, workshop):
    (made,) = bench.compress({"QuantAware": {**CONVS, "onnx_format": False}, "Distillation": {}})
    with pytest.raises(JobFailure, match="set onnx_format: true") as caught:
        in_its_form(deployed(made["out"], "cpu-openvino-int8"), workshop)
    assert caught.value.stage == "convert"


def test_a_model_for_paddle_stays_as_it_is(workshop, tmp_path):
    model = deployed(tmp_path, "cpu-onednn-int8")
    assert in_its_form(model, workshop) is model


@pytest.mark.paddle
def test_a_model_that_cannot_be_read_is_a_failure(workshop, tmp_path):
    for name in ("model.pdmodel", "model.pdiparams"):
        (tmp_path / name).write_bytes(b"no model")
    with pytest.raises(JobFailure) as caught:
        in_its_form(deployed(tmp_path, "cpu-openvino-fp32"), workshop)
    assert caught.value.stage == "convert"


def test_without_openvino_its_targets_are_not_available():
    machine = see_machine(own_runtime())
    with pytest.raises(InputError, match="the runtime own has no OpenVINO"):
        find_runnable("cpu-openvino-int8", machine)
    there = see_machine(runtime_with_openvino())
    assert find_runnable("cpu-openvino-int8", there).name == "cpu-openvino-int8"
