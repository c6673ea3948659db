"""Op types to quantise at inference: those of the recipe and their fused names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compress.recipes.inference_ops import inference_op_types
from compress.recipes.op_types import QUANTISABLE_OP_TYPES

OP_TYPES = st.lists(st.sampled_from(sorted(QUANTISABLE_OP_TYPES)))


@pytest.mark.parametrize(
    ("trained", "inference"),
    [
        (("conv2d", "depthwise_conv2d"), ["conv2d", "fused_conv2d", "depthwise_conv2d"]),
        (("matmul", "matmul_v2"), ["matmul", "fused_matmul", "matmul_v2"]),
        (("mul",), ["mul", "fc"]),
        (("pool2d", "pool2d"), ["pool2d"]),
        ((), []),
    ],
)
def test_fused_names_follow_the_trained_ones(trained, inference):
    assert list(inference_op_types(trained)) == inference


@given(OP_TYPES)
def test_every_trained_type_is_quantised_once_and_only_fused_names_are_added(trained):
    types = list(inference_op_types(tuple(trained)))
    assert len(types) == len(set(types))
    assert set(types) - set(trained) <= {"fused_conv2d", "fc", "fused_matmul"}
    assert set(trained) <= set(types)
