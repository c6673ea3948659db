"""Worker for tests: describes what ACT builds by name, and builds it as ACT does."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import paddle
import yaml
from paddle import optimizer, regularizer
from paddle.optimizer import lr
from paddleslim.auto_compression.create_compressed_program import _create_optimizer

MODULES = {
    "schedules": (lr, lr.LRScheduler),
    "optimizers": (optimizer, optimizer.Optimizer),
    "regularizers": (regularizer, None),
    "clips": (paddle.nn, paddle.nn.ClipGradByNorm.__mro__[1]),
}


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``describe``: the arguments of every class; ``build``: the error for each recipe's
    TrainConfig, None if a step of training works.
    """
    if request["do"] == "describe":
        return {name: _classes(*found) for name, found in MODULES.items()}
    return {"errors": [_error(text) for text in request["texts"]]}


def _classes(module: Any, base: type | None) -> dict[str, Any]:
    """Required and optional arguments by class; the base itself cannot be used."""
    found = {
        name: value
        for name, value in vars(module).items()
        if inspect.isclass(value) and (name.endswith("Decay") if base is None else _is(value, base))
    }
    return {name: _arguments(value) for name, value in found.items()}


def _is(value: type, base: type) -> bool:
    return issubclass(value, base) and value is not base


def _arguments(described: type) -> dict[str, list[str]]:
    parameters = list(inspect.signature(described.__init__).parameters.values())[1:]
    required = [p.name for p in parameters if p.default is p.empty]
    return {
        "required": required,
        "optional": [p.name for p in parameters if p.name not in required],
    }


def _error(text: str) -> str | None:
    paddle.enable_static()
    main, start = paddle.static.Program(), paddle.static.Program()
    try:
        with paddle.static.program_guard(main, start), paddle.utils.unique_name.guard():
            x = paddle.static.data("x", [None, 4])
            loss = paddle.mean(paddle.static.nn.fc(x, 2))
            built, rate = _create_optimizer(yaml.load(text, Loader=yaml.FullLoader)["TrainConfig"])
            built.minimize(loss)
        executor = paddle.static.Executor(paddle.CPUPlace())
        executor.run(start)
        executor.run(main, feed={"x": np.ones((2, 4), "float32")}, fetch_list=[loss])
        if not isinstance(rate, float):
            rate.step()
    except Exception as error:  # noqa: BLE001  any error is the answer
        return f"{type(error).__name__}: {error}"
    return None
