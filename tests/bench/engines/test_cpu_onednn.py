"""oneDNN: the exact calls for each precision, what a processor lacks, and what is refused."""

import pytest

from bench.engines.base import EngineOptions
from bench.engines.calls import OpSet, call
from bench.engines.cpu_onednn import ENGINE
from bench.engines.machine import Needs
from bench.engines.proof import MarkedOps

COMMON = [
    "disable_gpu()",
    "set_cpu_math_library_num_threads(2)",
    "switch_ir_optim(True)",
    "enable_memory_optim()",
]
ENABLE = "enable_mkldnn()"


def calls(precision, op_types=(), left_out=()):
    return ENGINE.configure(EngineOptions(precision, 2, op_types, left_out))


def texts(*arguments, **named):
    return list(map(str, calls(*arguments, **named)))


def test_fp32_only_enables_onednn():
    assert texts("fp32", ("conv2d",)) == [*COMMON, ENABLE]


@pytest.mark.parametrize("op_types", [(), ("conv2d", "fused_conv2d")])
def test_int8_quantises_the_op_types_after_onednn_is_enabled(op_types):
    *before, last = calls("int8", op_types)
    assert list(map(str, before)) == [*COMMON, ENABLE]
    assert last == call("enable_mkldnn_int8", OpSet(op_set=op_types))


def test_bf16_takes_no_op_types():
    assert texts("bf16", ("conv2d",)) == [
        *COMMON,
        ENABLE,
        "set_mkldnn_op(<op types without repeated inputs>)",
        "enable_mkldnn_bfloat16()",
    ]


@pytest.mark.parametrize("precision", ["fp32", "int8", "bf16"])
def test_passes_are_deleted_last_since_int8_makes_their_list_anew(precision):
    repeated = ", repeated inputs" if precision == "bf16" else ""
    configured = texts(precision, left_out=("batch_norm", "fc_fuse_pass", "add"))
    assert configured[:6] == [
        *COMMON,
        ENABLE,
        f"set_mkldnn_op(<op types without batch_norm, add{repeated}>)",
    ]
    assert configured[-1] == "delete_pass('fc_fuse_pass')"
    assert len(configured) == (7 if precision == "fp32" else 8)


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_op_types_that_a_model_disables_are_left_to_paddle(precision):
    options = EngineOptions(
        precision, 2, left_out=("add",), disabled_ops=("softmax", "reduce_mean")
    )
    said = "set_mkldnn_op(<op types without add, softmax, reduce_mean>)"
    assert str(ENGINE.configure(options)[5]) == said


def test_bf16_needs_avx512_and_nothing_else_does():
    assert ENGINE.needs("bf16") == Needs(flag="avx512f")
    assert ENGINE.needs("int8") == ENGINE.needs("fp32") == Needs()


def test_low_precisions_are_proven_by_the_mark_of_the_optimised_program():
    assert {precision: ENGINE.proof(precision) for precision in ENGINE.precisions} == {
        "fp32": None,
        "bf16": MarkedOps(attribute="mkldnn_data_type", value="bfloat16"),
        "int8": MarkedOps(attribute="mkldnn_data_type", value="int8"),
    }


def test_int8_is_refused_to_a_model_that_is_not_quantised_and_nothing_else_is():
    assert "not quantised" in ENGINE.unfit("int8", quantised=False)
    assert ENGINE.unfit("int8", quantised=True) is None
    for precision in ("fp32", "bf16"):
        assert ENGINE.unfit(precision, quantised=True) is None
        assert ENGINE.unfit(precision, quantised=False) is None
