"""The small network that proofs are run on, and its images. Imports Paddle: workers only."""

from __future__ import annotations

from typing import Any

import numpy as np
import paddle

SIZE, CLASSES, SAMPLES = 32, 4, 128


class Network(paddle.nn.Layer):  # type: ignore[misc]
    """Convolutions with batch norm, one of them depthwise, pooling, and a head. ``kind``: what is
    added, a product with a ``vector``, a convolution with ``whole`` numbers, or a batch norm
    without bias (``unbiased``); one that is ``sized`` takes images of any size.
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.stem = paddle.nn.Conv2D(3, 8, 3, padding=1, bias_attr=False)
        self.norm = paddle.nn.BatchNorm2D(8)
        self.depth = paddle.nn.Conv2D(8, 8, 3, padding=1, groups=8)
        self.body = paddle.nn.Conv2D(8, 16, 1, bias_attr=False)
        self.body_norm = paddle.nn.BatchNorm2D(16)
        self.pool = paddle.nn.AvgPool2D(2)
        self.last_conv = paddle.nn.Conv2D(16, CLASSES, 1)
        if kind == "vector":
            self.steps = self.create_parameter([CLASSES], is_bias=False)
        if kind == "unbiased":
            self.last_norm = paddle.nn.BatchNorm2D(CLASSES, bias_attr=False)
        if kind == "whole":
            self.last_conv.weight.set_value(paddle.ones_like(self.last_conv.weight))

    def forward(self, x: Any) -> Any:
        x = paddle.nn.functional.relu(self.norm(self.stem(x)))
        x = paddle.nn.functional.relu(self.body_norm(self.body(self.depth(x))))
        x = self.last_conv(self.pool(x))
        if self.kind == "vector":
            x = paddle.matmul(x.transpose([0, 2, 3, 1]), self.steps)
        if self.kind == "unbiased":
            x = self.last_norm(x)
        return x


class Images(paddle.io.Dataset):  # type: ignore[misc]
    """Smooth noise; counts how often an image was read."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        coarse = np.random.default_rng(seed).normal(size=(SAMPLES, 3, 8, 8))
        self.images = coarse.repeat(SIZE // 8, 2).repeat(SIZE // 8, 3).astype(np.float32)
        self.read = 0

    def __len__(self) -> int:
        return SAMPLES

    def __getitem__(self, index: int) -> Any:
        self.read += 1
        return self.images[index]
