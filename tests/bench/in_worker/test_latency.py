"""The latency worker on a real network: timed, proven, and told what not to run."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.deployment import Deployment
from bench.engines.targets import find_runnable, find_target
from bench.machine import see_machine
from bench.timing import check_loads, prove_precision, timed_worker
from compress.recipes.parse import parse_recipe
from compress.runtimes.runtime import own_runtime
from compress.worker.start import Workplace, start_worker
from core.errors import InputError, JobFailure

pytestmark = pytest.mark.paddle
ROOT = str(Path(__file__).parents[3])
OP_TYPES = ("conv2d", "fused_conv2d", "depthwise_conv2d")
SHAPE = (1, 3, 32, 32)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A small network in fp32, and quantised after training."""
    place = Workplace(tmp_path_factory.mktemp("latency"), {"PYTHONPATH": ROOT})
    section = {"quantize_op_types": ["conv2d", "depthwise_conv2d"], "batch_nums": 2}
    (step,) = parse_recipe({"QuantPost": section}, "ptq.yaml").steps
    with start_worker("tests.workers.methods", "methods", place) as worker:
        fp32 = worker.call({"do": "export"}, 120)["model"]
        request = {
            "do": "compress",
            "model": fp32,
            "teacher": fp32,
            "method": step.method,
            "sections": step.sections,
            "op_types": ("conv2d", "depthwise_conv2d"),
            "quantises": True,
        }
        yield Path(fp32), Path(worker.call(request, 200)["out"])


@pytest.fixture
def fp32(models):
    return Deployment(models[0], find_target("cpu-onednn-fp32"), (), (), SHAPE)


@pytest.fixture
def int8(models):
    return Deployment(models[1], find_target("cpu-onednn-int8"), OP_TYPES, (), SHAPE)


def test_a_model_is_timed_run_by_run(fp32, workshop):
    with timed_worker(fp32, workshop) as worker:
        samples = worker.time_runs(4)
        assert len(samples) == 4
        assert all(0 < sample < 1000 for sample in samples)
        assert worker.peak_memory_bytes > 10**7


def test_convolutions_of_a_quantised_model_are_proven_to_run_in_int8(int8, workshop):
    proof = prove_precision(int8, workshop)
    assert proof.convolutions == (4, 4)
    assert "feed" not in proof.ops
    assert 0 < proof.kernels.computing_ms <= proof.kernels.total_ms


def test_a_model_that_is_not_quantised_has_no_proof(fp32, workshop):
    model = replace(fp32, target=find_target("cpu-onednn-int8"), op_types=OP_TYPES)
    with pytest.raises(JobFailure, match="no op runs in int8"):
        prove_precision(model, workshop)


def test_a_model_loads_on_each_engine_and_without_kernels_of_onednn(fp32, workshop):
    check_loads(replace(fp32, target=find_target("cpu-native-fp32")), workshop)
    check_loads(replace(fp32, left_out=("conv_bn_fuse_pass", "relu", "add")), workshop)


def test_a_folder_without_a_model_does_not_load(models, fp32, workshop):
    with pytest.raises(JobFailure, match="Error") as caught:
        check_loads(replace(fp32, folder=models[0].parent), workshop)
    assert caught.value.stage == "load"


def test_bf16_gives_an_op_every_variable_that_it_reads_however_often(tmp_path):
    """The network concatenates an output with itself; without AVX-512 the target is refused."""
    machine = see_machine(own_runtime())
    if "avx512f" not in machine.flags:
        with pytest.raises(InputError, match="the processor lacks avx512f"):
            find_runnable("cpu-onednn-bf16", machine)
        return
    place = Workplace(tmp_path, {"PYTHONPATH": ROOT})
    with start_worker("tests.workers.methods", "methods", place) as worker:
        model = worker.call({"do": "export", "network": "repeating"}, 120)["model"]
        bf16, fp32 = (
            worker.call({"do": "infer", "model": model, "target": f"cpu-onednn-{precision}"}, 60)
            for precision in ("bf16", "fp32")
        )
    assert bf16["output"] == pytest.approx(fp32["output"], rel=0.05, abs=0.05)
    assert bf16["output"] != fp32["output"]
