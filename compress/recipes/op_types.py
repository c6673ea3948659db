"""The op types that PaddleSlim 2.6 quantises by default, and those that it can quantise."""

from __future__ import annotations

QAT_OP_TYPES = ("conv2d", "depthwise_conv2d", "conv2d_transpose", "mul", "matmul", "matmul_v2")
PTQ_OP_TYPES = ("conv2d", "depthwise_conv2d", "mul", "matmul", "matmul_v2")
"""Defaults of PaddleSlim 2.6 for recipes without op types."""
TENSORRT_OP_TYPES = (
    "mul",
    "conv2d",
    "pool2d",
    "depthwise_conv2d",
    "elementwise_add",
    "leaky_relu",
)
"""The op types with which ``for_tensorrt`` replaces those of a recipe."""

QUANTISABLE_OP_TYPES = frozenset(
    """
    abs arg_max argmax assign batch_norm bilinear_interp bilinear_interp_v2 box_coder cast
    clip concat conv2d conv2d_transpose crop cumsum depthwise_conv2d dropout elementwise_add
    elementwise_mul elementwise_pow elementwise_sub equal expand_v2 fill_any_like
    fill_constant fill_constant_batch_size_like flatten flatten2 flatten_contiguous_range
    gather gelu greater_equal greater_than grid_sampler group_norm gru hard_sigmoid hard_swish
    instance_norm layer_norm leaky_relu less_equal less_than logical_and logical_not
    lookup_table lookup_table_v2 lstm matmul matmul_v2 mean meshgrid mul nearest_interp
    nearest_interp_v2 norm not_equal p_norm pad2d pad3d pool2d pow prelu reduce_max
    reduce_mean reduce_sum relu relu6 reshape reshape2 roi_align scale shuffle_channel sigmoid
    slice softmax softplus split square squeeze squeeze2 stack strided_slice swish tanh tile
    top_k_v2 transpose transpose2 trilinear_interp unsqueeze2 where
    """.split()  # noqa: SIM905  one name a line would be ninety lines
)
"""Every op type that PaddleSlim 2.6 has a quantiser for (``quanter.TRANSFORM_PASS_OP_TYPES`` and
``QUANT_DEQUANT_PASS_OP_TYPES``)."""
