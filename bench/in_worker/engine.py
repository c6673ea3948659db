"""Runs inference models with Paddle Inference."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.engines.calls import Argument, ModelOps, OpSet, PaddlePrecision, ShapeRanges
from bench.engines.proof import ProofOf, TensorRtOps
from bench.requests import Configured

SETTLE_S = 0.03


@dataclass
class LoadedModel:
    """A predictor that is ready to run."""

    predictor: Any

    def feeds(self) -> list[str]:
        """Names of the model's inputs."""
        return list(self.predictor.get_input_names())

    def run(self, feeds: Mapping[str, npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        """One inference; returns every output, copied to the host."""
        for name in self.feeds():
            handle = self.predictor.get_input_handle(name)
            handle.reshape(feeds[name].shape)
            handle.copy_from_cpu(np.ascontiguousarray(feeds[name]))
        self.predictor.run()
        names = self.predictor.get_output_names()
        return [self.predictor.get_output_handle(name).copy_to_cpu() for name in names]

    def time_runs(self, feeds: Mapping[str, npt.NDArray[Any]], runs: int) -> list[float]:
        """Milliseconds of each of ``runs`` inferences. Inputs are set once; copying outputs counts.

        Runs untimed for a moment first, so that caches and clocks are those of steady work.
        """
        settled = time.perf_counter() + SETTLE_S
        self.run(feeds)
        names = self.predictor.get_output_names()
        handles = [self.predictor.get_output_handle(name) for name in names]
        while time.perf_counter() < settled:
            self._time_run(handles)
        return [self._time_run(handles) for _ in range(runs)]

    def _time_run(self, handles: list[Any]) -> float:
        """Milliseconds of one inference. A run only gives a GPU work; copying waits for it."""
        start = time.perf_counter_ns()
        self.predictor.run()
        for handle in handles:
            handle.copy_to_cpu()
        return (time.perf_counter_ns() - start) / 1e6


def load_model(
    engine: Configured, dump: Path | None = None, proof: ProofOf | None = None
) -> LoadedModel:
    """Creates the predictor; Paddle's exceptions pass through. ``dump``: a folder in which to save
    the optimised program and what else the proof reads.
    """
    from paddle.inference import create_predictor

    return LoadedModel(create_predictor(make_config(engine, dump, proof)))


def make_config(engine: Configured, dump: Path | None = None, proof: ProofOf | None = None) -> Any:
    """Paddle Inference's ``Config`` after all calls; see ``load_model``."""
    from paddle.inference import Config

    config = Config(str(engine.model / "model.pdmodel"), str(engine.model / "model.pdiparams"))
    for call in engine.calls:
        arguments = [argument_for(value, engine) for value in call.arguments]
        named = {name: argument_for(value, engine) for name, value in call.named.items()}
        getattr(config, call.method)(*arguments, **named)
    # Paddle joins names to this folder as they are, and without it writes beside the model.
    config.set_optim_cache_dir(f"{dump or tempfile.mkdtemp(dir='.')}/")
    if dump is not None:
        config.enable_save_optim_model(True)
    if isinstance(proof, TensorRtOps):
        config.enable_tensorrt_inspector(True)
    return config


def argument_for(value: Argument, engine: Configured) -> Any:
    """What Paddle takes for an argument."""
    if isinstance(value, OpSet):
        return set(value.op_set)
    if isinstance(value, ModelOps):
        return _op_types(engine.model, value)
    if isinstance(value, PaddlePrecision):
        from paddle.inference import PrecisionType

        return getattr(PrecisionType, value.precision_type)
    if isinstance(value, ShapeRanges):
        if engine.shape_ranges is None:
            raise ValueError("the engine takes the ranges of all shapes, and there are none")
        return str(engine.shape_ranges)
    return list(value) if isinstance(value, tuple) else value


def _op_types(model: Path, chosen: ModelOps) -> set[str]:
    """The chosen types of the model's ops: the kernel of ``elementwise_add`` is ``add``, that of
    ``matmul_v2`` is ``matmul``.
    """
    from paddle.base import core

    description = core.ProgramDesc((model / "model.pdmodel").read_bytes())  # owns the blocks
    blocks = [description.block(index) for index in range(description.num_blocks())]
    ops = [block.op(index) for block in blocks for index in range(block.op_size())]
    types, kernels = {op.type() for op in ops}, set(chosen.without_kernels)
    left_out = {name for name in types if {name, core._get_phi_kernel_name(name)} & kernels}
    if chosen.without_repeated_inputs:
        left_out |= {op.type() for op in ops if _repeats(op.input_arg_names())}
    return types - left_out


def _repeats(names: list[str]) -> bool:
    return len(set(names)) < len(names)
