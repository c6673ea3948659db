"""Runs inference models with Paddle Inference. Imports Paddle: workers only."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

SETTLE_S = 0.03


@dataclass(frozen=True)
class EngineOptions:
    """``op_types``: quantised at inference (empty: every op type); ``left_out``: graph passes
    (``…_pass``) not to run, and kernels that oneDNN is not to run; ``threads``: processor threads;
    ``dump``: folder for the optimised program.
    """

    target: str
    threads: int
    op_types: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    dump: str | None = None


@dataclass
class Engine:
    """A loaded predictor."""

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
        """Milliseconds of each of ``runs`` inferences, inputs set once, outputs copied out.

        Runs for a moment before, so that caches and clocks are as in steady work.
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


def load_engine(model: Path, options: EngineOptions) -> Engine:
    """Creates the predictor; Paddle's exceptions pass through."""
    from paddle.inference import Config, create_predictor

    config = Config(str(model / "model.pdmodel"), str(model / "model.pdiparams"))
    config.disable_gpu()
    config.set_cpu_math_library_num_threads(options.threads)
    config.switch_ir_optim(True)
    config.enable_memory_optim()
    passes = [name for name in options.left_out if name.endswith("_pass")]
    for name in passes:
        config.delete_pass(name)
    _, engine, precision = options.target.split("-")
    if engine == "native":
        config.disable_mkldnn()  # on by default since 2.6
    else:
        config.enable_mkldnn()
        if len(passes) < len(options.left_out):
            config.set_mkldnn_op(_op_types_without(model, set(options.left_out)))
        if precision == "int8":
            config.enable_mkldnn_int8(set(options.op_types))
        elif precision == "bf16":
            config.enable_mkldnn_bfloat16()
    if options.dump is not None:
        config.enable_save_optim_model(True)
        config.set_optim_cache_dir(options.dump)
    return Engine(create_predictor(config))


def _op_types_without(model: Path, kernels: set[str]) -> set[str]:
    """The types of the model's ops but those that these kernels run: ``elementwise_add`` is run by
    ``add``, ``matmul_v2`` by ``matmul``.
    """
    from paddle.base import core

    description = core.ProgramDesc((model / "model.pdmodel").read_bytes())  # owns the blocks
    blocks = [description.block(index) for index in range(description.num_blocks())]
    types = {block.op(index).type() for block in blocks for index in range(block.op_size())}
    return {name for name in types if not {name, core._get_phi_kernel_name(name)} & kernels}


def count_low_precision_ops(dump: Path, precision: str) -> dict[str, tuple[int, int]]:
    """By op type: how many ops run in ``precision``, and how many there are.

    Read from the optimised program, where oneDNN's passes leave ``mkldnn_data_type`` on each op:
    what the predictor really runs, not what was asked for. ``bfloat16`` is Paddle's name of bf16.
    """
    from paddle.base import core

    wanted = {"bf16": "bfloat16"}.get(precision, precision)
    program_file = next(dump.glob("*_optimized.pdmodel"))
    # The raw description: paddle.static.Program refuses ops that only the optimiser knows.
    description = core.ProgramDesc(program_file.read_bytes())  # owns the blocks
    blocks = [description.block(index) for index in range(description.num_blocks())]
    low: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for op in (block.op(index) for block in blocks for index in range(block.op_size())):
        if op.type() not in ("feed", "fetch"):
            every[op.type()] += 1
            tagged = op.has_attr("mkldnn_data_type")
            low[op.type()] += tagged and op.attr("mkldnn_data_type") == wanted
    return {op_type: (low[op_type], every[op_type]) for op_type in sorted(every)}
