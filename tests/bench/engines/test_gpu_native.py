"""Paddle's own GPU kernels: the exact calls, what they need, and what is refused."""

import pytest

from bench.engines.base import EngineOptions
from bench.engines.gpu_native import ENGINE
from bench.engines.machine import Needs
from bench.engines.proof import ConvertedOps


@pytest.mark.parametrize(
    ("precision", "enable"),
    [
        ("fp32", "enable_use_gpu(100, 0)"),
        ("fp16", "enable_use_gpu(100, 0, PrecisionType.Half)"),
    ],
)
def test_the_calls_in_order(precision, enable):
    options = EngineOptions(precision, 2, ("conv2d",), ("fc_fuse_pass", "batch_norm"))
    assert list(map(str, ENGINE.configure(options))) == [
        enable,
        "set_cpu_math_library_num_threads(2)",
        "switch_ir_optim(True)",
        "enable_memory_optim()",
        "delete_pass('fc_fuse_pass')",
    ]


def test_it_needs_a_gpu_and_proves_fp16():
    assert (ENGINE.device, ENGINE.name, ENGINE.precisions) == ("gpu", "native", ("fp32", "fp16"))
    assert ENGINE.needs("fp32") == Needs(gpu=True)
    assert ENGINE.needs("fp16") == Needs(gpu=True, capability=(5, 3))
    assert (ENGINE.proof("fp32"), ENGINE.proof("fp16")) == (None, ConvertedOps())


@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_a_quantised_model_is_refused(precision):
    assert "spoil the weights" in ENGINE.unfit(precision, quantised=True)
    assert ENGINE.unfit(precision, quantised=False) is None
