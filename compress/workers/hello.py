"""Worker: shows that Paddle, PaddleSlim and their libraries load together."""

from __future__ import annotations

from typing import Any


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``{}`` → the version of Paddle, and of the TensorRT that it was built with and that it found:
    zeros where there is none.
    """
    import paddle
    import paddle.inference
    import pycocotools.mask  # noqa: F401  crashes if it meets Paddle's zlib
    from paddleslim.auto_compression import AutoCompression  # noqa: F401

    return {
        "paddle": paddle.__version__,
        "tensorrt_built": paddle.inference.get_trt_compile_version(),
        "tensorrt_found": paddle.inference.get_trt_runtime_version(),
        **request,
    }
