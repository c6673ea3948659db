"""Kernels and passes are told apart by name, and every engine deletes passes last."""

import pytest

from bench.engines.base import EngineOptions
from bench.engines.common import cpu_calls, deleted_passes, gpu_calls
from bench.engines.targets import TARGETS

LEFT_OUT = ("fc_fuse_pass", "batch_norm")


def test_graph_passes_and_kernels_are_told_apart_by_their_names():
    options = EngineOptions("fp32", 1, left_out=("fc_fuse_pass", "batch_norm", "a_pass", "pass"))
    assert options.passes == ("fc_fuse_pass", "a_pass")
    assert options.kernels == ("batch_norm", "pass")


OPTIMISED = [
    "set_cpu_math_library_num_threads(4)",
    "switch_ir_optim(True)",
    "enable_memory_optim()",
]


def test_every_engine_begins_with_its_device_and_ends_with_the_passes_to_delete():
    options = EngineOptions("int8", 4, ("conv2d",), LEFT_OUT)
    assert list(map(str, cpu_calls(options))) == ["disable_gpu()", *OPTIMISED]
    assert list(map(str, gpu_calls(options))) == ["enable_use_gpu(100, 0)", *OPTIMISED]
    assert list(map(str, deleted_passes(options))) == ["delete_pass('fc_fuse_pass')"]


PADDLES = [target for target in TARGETS.values() if target.engine.library == "paddle"]


@pytest.mark.parametrize("target", PADDLES, ids=lambda target: target.name)
def test_no_call_comes_after_those_that_delete_passes(target):
    options = EngineOptions(target.precision, 4, ("conv2d",), LEFT_OUT)
    methods = [call.method for call in target.engine.configure(options)]
    assert methods.count("delete_pass") == 1
    assert methods[-1] == "delete_pass"
