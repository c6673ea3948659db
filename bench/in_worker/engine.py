"""Loads models: runs them with Paddle Inference, or has OpenVINO do so."""

from __future__ import annotations

import filecmp
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.engines.calls import Argument, ModelOps, OpSet, PaddlePrecision, ShapeRanges
from bench.in_worker.loaded import Arrays, LoadedModel, sample
from bench.requests import Configured
from compress.in_worker.graph.feeds import FeedSpecs
from compress.in_worker.graph.program import read_feed_specs

ENGINE_FILE = "trt_serialized_"
"""How the names of files begin in which Paddle keeps TensorRT's engines; their key follows."""


@dataclass
class PaddleModel:
    """A predictor of the model in ``folder``; see ``LoadedModel``."""

    predictor: Any
    folder: Path = Path()

    def feeds(self) -> list[str]:
        return list(self.predictor.get_input_names())

    def feed_specs(self) -> FeedSpecs:
        return read_feed_specs(self.folder)

    def run(self, feeds: Arrays) -> list[npt.NDArray[Any]]:
        for name in self.feeds():
            handle = self.predictor.get_input_handle(name)
            handle.reshape(feeds[name].shape)
            handle.copy_from_cpu(np.ascontiguousarray(feeds[name]))
        self.predictor.run()
        return [handle.copy_to_cpu() for handle in self._outputs()]

    def time_runs(self, feeds: Arrays, runs: int) -> list[float]:
        self.run(feeds)
        handles = self._outputs()

        def run() -> None:
            """A run only gives a GPU work; copying waits for it."""
            self.predictor.run()
            for handle in handles:
                handle.copy_to_cpu()

        return sample(run, runs)

    def _outputs(self) -> list[Any]:
        names = self.predictor.get_output_names()
        return [self.predictor.get_output_handle(name) for name in names]


def load_model(
    engine: Configured, out: Path | None = None, *, save: bool = False, inspect: bool = False
) -> LoadedModel:
    """The model in the engine's library, whose exceptions pass through.

    ``out``: the folder in which Paddle saves the engines that it builds, a temporary one by
    default; with ``save``, also the optimised program; with ``inspect``, also TensorRT's
    descriptions of the engines.
    """
    if engine.library == "openvino":
        from bench.in_worker.openvino_engine import load_openvino

        return load_openvino(engine)
    from paddle.inference import create_predictor

    config = make_config(engine, out, save=save, inspect=inspect)
    return PaddleModel(create_predictor(config), engine.model)


def make_config(
    engine: Configured, out: Path | None = None, *, save: bool = False, inspect: bool = False
) -> Any:
    """Paddle Inference's ``Config`` after all calls; see ``load_model``."""
    from paddle.inference import Config

    config = Config(str(engine.model / "model.pdmodel"), str(engine.model / "model.pdiparams"))
    for call in engine.calls:
        arguments = [argument_for(value, engine) for value in call.arguments]
        named = {name: argument_for(value, engine) for name, value in call.named.items()}
        getattr(config, call.method)(*arguments, **named)
    # Paddle joins names to this folder as they are, and without it writes beside the model.
    cache = out or Path(tempfile.mkdtemp(dir="."))
    if engine.engines is not None:
        offer_engines(engine.engines, cache)
    config.set_optim_cache_dir(f"{cache}/")
    if save:
        config.enable_save_optim_model(True)
    if inspect:
        config.enable_tensorrt_inspector(True)
    return config


def offer_engines(built: Path, cache: Path) -> None:
    """Copies the engines that were built to where Paddle looks for them: it writes those that it
    cannot load anew.
    """
    for engine in built.glob(f"{ENGINE_FILE}*"):
        shutil.copyfile(engine, cache / engine.name)


def loads_all(built: Path, cache: Path, engines: int) -> bool:
    """Whether Paddle loaded all of a program's engines: it was offered as many, and there are no
    others in its folder.
    """
    offered, there = (
        sorted(engine.name for engine in folder.glob(f"{ENGINE_FILE}*"))
        for folder in (built, cache)
    )
    changed = filecmp.cmpfiles(built, cache, offered, shallow=False)[1:]
    return len(offered) == engines and there == offered and not any(changed)


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
