"""TensorRT: the exact calls by precision and option, what it needs, and what is refused."""

import pytest

from bench.engines.base import EngineOptions
from bench.engines.gpu_trt import ENGINE
from bench.engines.machine import Needs
from bench.engines.proof import TensorRtOps

BEGINNING = [
    "enable_use_gpu(100, 0)",
    "set_cpu_math_library_num_threads(2)",
    "switch_ir_optim(True)",
    "enable_memory_optim()",
]
PRECISIONS = {"fp32": "Float32", "fp16": "Half", "int8": "Int8"}


def texts(precision="int8", left_out=(), **options):
    calls = ENGINE.configure(EngineOptions(precision, 2, ("conv2d",), left_out, **options))
    return list(map(str, calls))


def enabling(precision="Int8", *, workspace=2**30, batch=1, subgraph=3):
    return (
        f"enable_tensorrt_engine(workspace_size={workspace}, max_batch_size={batch}, "
        f"min_subgraph_size={subgraph}, precision_mode=PrecisionType.{precision}, "
        "use_static=True, use_calib_mode=False)"
    )


@pytest.mark.parametrize(("precision", "theirs"), PRECISIONS.items())
def test_engines_are_saved_and_never_calibrated(precision, theirs):
    assert texts(precision) == [*BEGINNING, enabling(theirs)]


def test_batch_subgraph_and_workspace_are_options():
    calls = texts(batch=4, min_subgraph=5, workspace_bytes=2**25)
    assert calls == [*BEGINNING, enabling(workspace=2**25, batch=4, subgraph=5)]


def test_dynamic_shape_never_builds_an_engine_anew():
    assert texts(dynamic_shape=True) == [
        *BEGINNING,
        enabling(),
        "enable_tuned_tensorrt_dynamic_shape(<shape ranges>, False)",
    ]


def test_ops_are_disabled_by_name_and_passes_are_deleted_last():
    calls = texts(
        left_out=("fc_fuse_pass", "batch_norm"),
        disabled_ops=("reshape2", "slice"),
        dynamic_shape=True,
    )
    assert calls[6:] == [
        "exp_disable_tensorrt_ops(['reshape2', 'slice'])",
        "delete_pass('fc_fuse_pass')",
    ]


def test_each_precision_needs_a_gpu_that_computes_in_it():
    capabilities = {"fp32": (0, 0), "fp16": (5, 3), "int8": (6, 1)}
    for precision, capability in capabilities.items():
        assert ENGINE.needs(precision) == Needs(gpu=True, capability=capability, tensorrt=True)


def test_low_precisions_are_proven():
    assert ENGINE.proof("fp32") is None
    for precision in ("fp16", "int8"):
        assert ENGINE.proof(precision) == TensorRtOps(precision=precision)


def test_int8_is_refused_to_a_model_without_ranges():
    assert "no ranges" in ENGINE.unfit("int8", quantised=False)
    assert ENGINE.unfit("int8", quantised=True) is None
    for precision in ("fp32", "fp16"):
        assert ENGINE.unfit(precision, quantised=True) is None
