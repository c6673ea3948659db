"""Paddle's own kernels: oneDNN, which is on by default, is switched off at the end."""

from bench.engines.base import EngineOptions
from bench.engines.cpu_native import ENGINE
from bench.engines.machine import Needs


def test_the_calls_in_order():
    calls = ENGINE.configure(EngineOptions("fp32", 2, left_out=("fc_fuse_pass", "batch_norm")))
    assert list(map(str, calls)) == [
        "disable_gpu()",
        "set_cpu_math_library_num_threads(2)",
        "switch_ir_optim(True)",
        "enable_memory_optim()",
        "disable_mkldnn()",
        "delete_pass('fc_fuse_pass')",
    ]


def test_it_runs_any_model_in_fp32_alone_on_any_processor():
    assert (ENGINE.device, ENGINE.name, ENGINE.precisions) == ("cpu", "native", ("fp32",))
    assert ENGINE.proof("fp32") is None
    assert ENGINE.needs("fp32") == Needs()
    assert [ENGINE.unfit("fp32", quantised=quantised) for quantised in (True, False)] == [None] * 2
