"""Worker for tests: makes a small network and compresses it, many times in one process."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import paddle

SIZE, CHANNELS, CLASSES = 32, 8, 4
SHAPE = [1, 3, SIZE, SIZE]
SUITE = {"dialect": "paddleseg", "code": None, "data_dir": "data", "data": None}


class Network(paddle.nn.Layer):
    """Two convolutions with batch norm, a depthwise one, and a head of 1×1."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = paddle.nn.Conv2D(3, CHANNELS, 3, padding=1, bias_attr=False)
        self.norm = paddle.nn.BatchNorm2D(CHANNELS)
        self.depth = paddle.nn.Conv2D(CHANNELS, CHANNELS, 3, padding=1, groups=CHANNELS)
        self.body = paddle.nn.Conv2D(CHANNELS, 16, 1, bias_attr=False)
        self.body_norm = paddle.nn.BatchNorm2D(16)
        self.head = paddle.nn.Conv2D(16, CLASSES, 1)

    def forward(self, x: Any) -> Any:
        x = paddle.nn.functional.relu(self.norm(self.stem(x)))
        x = paddle.nn.functional.relu(self.body_norm(self.body(self.depth(x))))
        return self.head(x)


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``do``: ``export`` → ``model``; ``compress`` (``model``, ``teacher``, ``method``,
    ``sections``, ``op_types``, ``quantises``) → the answer, with the folder as ``out``.
    """
    if request["do"] == "export":
        return _export(request.get("whole", False))
    from compress.workers import compress

    out = tempfile.mkdtemp(dir=".")
    common = {"suite": SUITE, "data_config": None, "shape": SHAPE, "seed": 0, "out": out}
    with (
        paddle.static.scope_guard(paddle.static.Scope()),
        paddle.utils.unique_name.guard(),
    ):
        answer = compress.handle({**request, **common}, lambda _: None)
    return {**answer, "out": str(Path(out).resolve())}


def _export(whole: bool) -> dict[str, Any]:
    """``whole``: with the head's weights all zero, as freshly built heads have them."""
    from compress.suites.layers import write_layers

    paddle.disable_static()
    paddle.seed(0)
    out = Path(tempfile.mkdtemp(dir="."))
    network = Network()
    if whole:
        network.head.weight.set_value(paddle.zeros_like(network.head.weight))
    network.eval()
    spec = [paddle.static.InputSpec([None, *SHAPE[1:]], "float32", "x")]
    paddle.jit.save(paddle.jit.to_static(network, input_spec=spec), str(out / "model"))
    write_layers(network, out)
    paddle.enable_static()
    return {"model": str(out.resolve())}
