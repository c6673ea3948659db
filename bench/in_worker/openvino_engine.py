"""Runs models with OpenVINO."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.engines.proof import ExecutedLayers
from bench.in_worker.loaded import Arrays, sample
from bench.openvino_form import MODEL
from bench.requests import Configured
from compress.in_worker.graph.feeds import FeedSpec

DEVICE = "CPU"
IDLE = ("Input", "Output", "Const", "Reorder", "Result", "Parameter")
"""Layers that compute nothing."""


@dataclass
class OpenVinoModel:
    """A compiled model with its request for inference; see ``LoadedModel``."""

    compiled: Any
    request: Any

    def feeds(self) -> list[str]:
        return list(self._inputs())

    def feed_specs(self) -> dict[str, FeedSpec]:
        return {name: _spec(port) for name, port in self._inputs().items()}

    def run(self, feeds: Arrays) -> list[npt.NDArray[Any]]:
        self._set(feeds)
        return self._infer()

    def time_runs(self, feeds: Arrays, runs: int) -> list[float]:
        self._set(feeds)
        return sample(self._infer, runs)

    def count_layers(self, proof: ExecutedLayers) -> dict[str, tuple[int, int]]:
        """By type in lower case: how many layers run in the proof's types, and their total."""
        low: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for layer in self.compiled.get_runtime_model().get_ordered_ops():
            facts = layer.get_rt_info()
            kind = _said(facts, "layerType")
            if kind not in IDLE:
                total[kind.lower()] += 1
                low[kind.lower()] += _said(facts, "runtimePrecision") in proof.types
        return {kind: (low[kind], total[kind]) for kind in sorted(total)}

    def _inputs(self) -> dict[str, Any]:
        """The inputs by Paddle's names; OpenVINO has them in another order."""
        return {port.any_name: port for port in self.compiled.inputs}

    def _set(self, feeds: Arrays) -> None:
        """Sets the inputs, as copies: nobody has to keep the arrays."""
        from openvino import Tensor

        for index, name in enumerate(self._inputs()):
            array = np.ascontiguousarray(feeds[name])
            self.request.set_input_tensor(index, Tensor(array, shared_memory=False))

    def _infer(self) -> list[npt.NDArray[Any]]:
        self.request.infer()
        count = len(self.compiled.outputs)
        return [self.request.get_output_tensor(index).data.copy() for index in range(count)]


def load_openvino(engine: Configured) -> OpenVinoModel:
    """Compiles the converted model with what the calls set; OpenVINO's exceptions pass through."""
    from openvino import Core

    core = Core()
    properties = {str(name): value for name, value in (c.arguments for c in engine.calls)}
    compiled = core.compile_model(str(engine.model / MODEL), DEVICE, properties)
    return OpenVinoModel(compiled, compiled.create_infer_request())


def _spec(port: Any) -> FeedSpec:
    shape = (-1 if side.is_dynamic else side.get_length() for side in port.get_partial_shape())
    return FeedSpec(tuple(shape), np.dtype(port.get_element_type().to_dtype()).name)


def _said(facts: Any, key: str) -> str:
    return str(facts[key].astype(str)) if key in facts else ""
