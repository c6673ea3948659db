"""What is left out of an engine is told apart by name, and every engine begins with its device."""

from bench.engines.base import EngineOptions
from bench.engines.cpu_calls import cpu_calls
from bench.engines.gpu_calls import deleted_passes, gpu_calls

LEFT_OUT = ("fc_fuse_pass", "batch_norm")


def test_graph_passes_and_kernels_are_told_apart_by_their_names():
    options = EngineOptions("fp32", 1, left_out=("fc_fuse_pass", "batch_norm", "a_pass", "pass"))
    assert options.passes == ("fc_fuse_pass", "a_pass")
    assert options.kernels == ("batch_norm", "pass")


def test_every_engine_on_a_processor_begins_alike_and_deletes_passes_only():
    options = EngineOptions("int8", 4, ("conv2d",), LEFT_OUT)
    assert list(map(str, cpu_calls(options))) == [
        "disable_gpu()",
        "set_cpu_math_library_num_threads(4)",
        "switch_ir_optim(True)",
        "enable_memory_optim()",
        "delete_pass('fc_fuse_pass')",
    ]


def test_every_engine_on_a_gpu_deletes_passes_last():
    options = EngineOptions("fp32", 4, left_out=LEFT_OUT)
    assert list(map(str, gpu_calls(options))) == [
        "set_cpu_math_library_num_threads(4)",
        "enable_use_gpu(100, 0)",
        "switch_ir_optim(True)",
        "enable_memory_optim()",
    ]
    assert list(map(str, deleted_passes(options))) == ["delete_pass('fc_fuse_pass')"]
