"""oneDNN: the exact calls for each precision, and what a processor lacks."""

import pytest

from bench.engines.base import EngineOptions
from bench.engines.onednn import ENGINE

COMMON = [
    ("disable_gpu", (), ()),
    ("set_cpu_math_library_num_threads", (2,), ()),
    ("switch_ir_optim", (True,), ()),
    ("enable_memory_optim", (), ()),
]
ENABLE = ("enable_mkldnn", (), ())


def calls(precision, op_types=(), left_out=()):
    configured = ENGINE.configure(EngineOptions(precision, 2, op_types, left_out))
    return [(call.method, call.arguments, call.but_kernels) for call in configured]


def test_fp32_only_enables_onednn():
    assert calls("fp32", ("conv2d",)) == [*COMMON, ENABLE]


@pytest.mark.parametrize("op_types", [(), ("conv2d", "fused_conv2d")])
def test_int8_quantises_the_op_types_after_onednn_is_enabled(op_types):
    assert calls("int8", op_types) == [*COMMON, ENABLE, ("enable_mkldnn_int8", (op_types,), ())]


def test_bf16_takes_no_op_types():
    assert calls("bf16", ("conv2d",)) == [*COMMON, ENABLE, ("enable_mkldnn_bfloat16", (), ())]


@pytest.mark.parametrize("precision", ["fp32", "int8", "bf16"])
def test_what_is_left_out_comes_before_the_precision(precision):
    left_out = ("batch_norm", "fc_fuse_pass", "add")
    configured = calls(precision, left_out=left_out)
    assert configured[:7] == [
        *COMMON,
        ("delete_pass", ("fc_fuse_pass",), ()),
        ENABLE,
        ("set_mkldnn_op", (), ("batch_norm", "add")),
    ]
    assert len(configured) == (7 if precision == "fp32" else 8)


def test_bf16_needs_avx512_and_nothing_else_does():
    assert ENGINE.missing("bf16", ("avx2",)) == "avx512f"
    assert ENGINE.missing("bf16", ("avx2", "avx512f")) is None
    assert ENGINE.missing("int8", ()) is None
    assert ENGINE.missing("fp32", ()) is None


def test_low_precisions_are_proven_by_the_mark_of_the_optimised_program():
    assert ENGINE.mark.attribute == "mkldnn_data_type"
    assert {p: ENGINE.mark.values.get(p) for p in ENGINE.precisions} == {
        "fp32": None,
        "bf16": "bfloat16",
        "int8": "int8",
    }
