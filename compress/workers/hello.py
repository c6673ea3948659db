"""Worker: shows that Paddle, PaddleSlim and their libraries load together."""

from __future__ import annotations

from typing import Any


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``{}`` → the version of Paddle."""
    import paddle
    import pycocotools.mask  # noqa: F401  crashes if it meets Paddle's zlib
    from paddleslim.auto_compression import AutoCompression  # noqa: F401

    return {"paddle": paddle.__version__, **request}
