"""Runs inference models with Paddle Inference."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.engines.base import Call
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
        while time.perf_counter() < settled:
            self.predictor.run()
        names = self.predictor.get_output_names()
        handles = [self.predictor.get_output_handle(name) for name in names]
        samples = []
        for _ in range(runs):
            start = time.perf_counter_ns()
            self.predictor.run()
            for handle in handles:
                handle.copy_to_cpu()
            samples.append((time.perf_counter_ns() - start) / 1e6)
        return samples


def load_model(engine: Configured, dump: Path | None = None) -> LoadedModel:
    """Creates the predictor; Paddle's exceptions pass through. ``dump``: a folder in which to save
    the optimised program.
    """
    from paddle.inference import Config, create_predictor

    config = Config(str(engine.model / "model.pdmodel"), str(engine.model / "model.pdiparams"))
    for call in engine.calls:
        getattr(config, call.method)(*_arguments(call, engine.model))
    if dump is not None:
        config.enable_save_optim_model(True)
        config.set_optim_cache_dir(str(dump))
    return LoadedModel(create_predictor(config))


def _arguments(call: Call, model: Path) -> Iterator[Any]:
    """The call's arguments for Paddle, which takes op types as a set."""
    for value in call.arguments:
        yield set(value) if isinstance(value, tuple) else value
    if call.but_kernels:
        yield _op_types_without(model, set(call.but_kernels))


def _op_types_without(model: Path, kernels: set[str]) -> set[str]:
    """The types of the model's ops except those that these kernels run: the kernel of
    ``elementwise_add`` is ``add``, that of ``matmul_v2`` is ``matmul``.
    """
    from paddle.base import core

    description = core.ProgramDesc((model / "model.pdmodel").read_bytes())  # owns the blocks
    blocks = [description.block(index) for index in range(description.num_blocks())]
    types = {block.op(index).type() for block in blocks for index in range(block.op_size())}
    return {name for name in types if not {name, core._get_phi_kernel_name(name)} & kernels}


def count_marked_ops(dump: Path, attribute: str, value: str) -> dict[str, tuple[int, int]]:
    """By op type: how many ops have ``value`` as their ``attribute``, and their total.

    Reads the optimised program, which is what the predictor really runs.
    """
    from paddle.base import core

    program_file = next(dump.glob("*_optimized.pdmodel"))
    # The raw description: paddle.static.Program refuses ops that only the optimiser knows.
    description = core.ProgramDesc(program_file.read_bytes())  # owns the blocks
    blocks = [description.block(index) for index in range(description.num_blocks())]
    marked: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for op in (block.op(index) for block in blocks for index in range(block.op_size())):
        if op.type() not in ("feed", "fetch"):
            total[op.type()] += 1
            marked[op.type()] += op.has_attr(attribute) and op.attr(attribute) == value
    return {op_type: (marked[op_type], total[op_type]) for op_type in sorted(total)}
