"""The op types to quantise at inference, given those that were trained quantised."""

from __future__ import annotations

from collections.abc import Iterator


def inference_op_types(trained: tuple[str, ...]) -> Iterator[str]:
    """The op types to quantise at inference on oneDNN so that exactly the trained ones run in int8.

    Paddle 2.6's fusion passes rename convolutions to ``fused_conv2d`` and matrix products to
    ``fc`` and ``fused_matmul`` before the int8 pass runs; the suites' own scripts omit these names
    and leave most convolutions in fp32 (docs/int8.md).
    """
    fused = {
        "conv2d": "fused_conv2d",
        "depthwise_conv2d": "fused_conv2d",
        "mul": "fc",
        "matmul": "fused_matmul",
        "matmul_v2": "fused_matmul",
    }
    distinct = set()
    for op_type in trained:
        for name in (op_type, fused.get(op_type)):
            if name and name not in distinct:
                distinct.add(name)
                yield name
