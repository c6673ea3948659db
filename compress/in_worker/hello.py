"""Worker: shows that Paddle, PaddleSlim and their libraries load together."""

from __future__ import annotations

from compress.worker.requests import Hello, HelloRequest


def handle(request: HelloRequest) -> Hello:
    """The versions of Paddle and of TensorRT: the one at build time and the one at run time. That
    NVIDIA's driver shows a GPU does not mean that CUDA can use it.
    """
    del request
    import paddle
    import paddle.inference
    import pycocotools.mask  # noqa: F401  crashes if it meets Paddle's zlib
    from paddleslim.auto_compression import AutoCompression  # noqa: F401

    return Hello(
        paddle=paddle.__version__,
        gpus=paddle.device.cuda.device_count(),
        tensorrt_built=paddle.inference.get_trt_compile_version(),
        tensorrt_found=paddle.inference.get_trt_runtime_version(),
    )
