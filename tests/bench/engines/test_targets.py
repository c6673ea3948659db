"""Targets are found by name, and only those that the processor can run."""

from dataclasses import replace

import pytest

from bench.engines.machine import Gpu, Machine
from bench.engines.targets import (
    TARGETS,
    find_runnable,
    find_target,
    reference_for,
    runnable,
    target_for,
)
from core.errors import InputError

ON_CPU = ["cpu-native-fp32", "cpu-onednn-fp32", "cpu-onednn-bf16", "cpu-onednn-int8"]
ON_GPU = ["gpu-native-fp32", "gpu-native-fp16", "gpu-trt-fp32", "gpu-trt-fp16", "gpu-trt-int8"]
OPENVINO = ["cpu-openvino-fp32", "cpu-openvino-int8"]
NAMES = [*ON_CPU, *OPENVINO, *ON_GPU]
OLD = Machine(flags=("avx2",), runtime="paddle-2.6.2-cpu")
NEW = Machine(flags=("avx2", "avx512f"), runtime="paddle-2.6.2-cpu")
GPU = Machine(
    flags=(),
    runtime="paddle-2.6.2-gpu",
    gpu=Gpu("V100", (7, 0), 2**34, "525"),
    runs_on_gpu=True,
    capabilities=((6, 1), (8, 9)),
    tensorrt="8.5.3.1",
)


def test_a_name_is_device_engine_and_precision():
    assert list(TARGETS) == NAMES
    for name in NAMES:
        target = find_target(name)
        assert target.name == name
        assert f"{target.engine.device}-{target.engine.name}-{target.precision}" == name


def test_an_unknown_target_is_refused_with_the_valid_ones():
    with pytest.raises(InputError, match="unknown target 'cpu-onednn-int4'") as caught:
        find_target("cpu-onednn-int4")
    assert (caught.value.key, list(caught.value.choices)) == ("--target", NAMES)
    assert caught.value.nearest == "cpu-onednn-int8"
    assert "--target" in caught.value.hint


def test_a_target_that_the_machine_lacks_is_refused_with_those_that_it_has():
    refused = r"cpu-onednn-bf16 is not available here: the processor lacks avx512f"
    with pytest.raises(InputError, match=refused) as caught:
        find_runnable("cpu-onednn-bf16", OLD)
    assert list(caught.value.choices) == [ON_CPU[0], ON_CPU[1], ON_CPU[3]]
    assert find_runnable("cpu-onednn-bf16", NEW).name == "cpu-onednn-bf16"
    assert find_runnable("cpu-onednn-int8", OLD).name == "cpu-onednn-int8"
    with pytest.raises(InputError, match="gpu-trt-int8 is not available here: the runtime"):
        find_runnable("gpu-trt-int8", NEW)
    assert find_runnable("gpu-trt-int8", GPU).name == "gpu-trt-int8"


def test_what_can_run_depends_on_machine_and_runtime():
    assert list(runnable(OLD)) == [ON_CPU[0], ON_CPU[1], ON_CPU[3]]
    assert list(runnable(NEW)) == ON_CPU
    assert list(runnable(GPU)) == [ON_CPU[0], ON_CPU[1], ON_CPU[3], *ON_GPU]
    assert list(runnable(replace(GPU, tensorrt=None)))[3:] == ON_GPU[:2]
    assert list(runnable(replace(GPU, gpu=None))) == [ON_CPU[0], ON_CPU[1], ON_CPU[3]]


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_is_the_same_engine_in_fp32(name):
    reference = reference_for(find_target(name))
    assert reference.engine is find_target(name).engine
    assert reference.precision == "fp32"


@pytest.mark.parametrize(
    ("quantised", "name"), [(True, "cpu-onednn-int8"), (False, "cpu-onednn-fp32")]
)
def test_models_are_deployed_on_onednn(quantised, name):
    assert target_for(quantised).name == name
