"""Reads and writes exported inference programs. Workers only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from compress.in_worker.graph.feeds import FeedSpec
from compress.in_worker.graph.nodes import final_nodes

DTYPES = {"FP32": "float32", "FP64": "float64", "INT32": "int32", "INT64": "int64", "BOOL": "bool"}
CONVOLUTIONS = ("conv2d", "depthwise_conv2d", "conv2d_transpose")
WEIGHTED_OPS = (*CONVOLUTIONS, "mul", "matmul", "matmul_v2")


@dataclass(frozen=True)
class Program:
    """A loaded inference program with its executor, feeds and fetches; static mode."""

    program: Any
    executor: Any
    feeds: list[str]
    fetches: list[Any]

    def names(self) -> set[str]:
        """Names of all variables."""
        return {var.name for var in self.program.list_vars()}

    def feed_specs(self) -> dict[str, FeedSpec]:
        """Shape and type by feed name."""
        block = self.program.global_block()
        return {name: _feed_spec(block.var(name)) for name in self.feeds}

    def distillation_nodes(self) -> list[str]:
        """Outputs of the last ops that hold weights: where ACT distils by default."""
        return final_nodes(self.program.global_block())


class FreshExecutor:
    """Runs every batch with a new executor. An executor that has run a loop keeps its tensor
    arrays, and its next run ends in "Tensor holds no memory" (two-stage detectors).
    """

    def run(self, *args: Any, **options: Any) -> Any:
        """As ``paddle.static.Executor.run``."""
        import paddle

        return paddle.static.Executor(paddle.CPUPlace()).run(*args, **options)


def executor_for(loaded: Program) -> Any:
    """The program's executor; for programs with tensor arrays, a new one for each run."""
    arrays = any(str(var.type).endswith("LOD_TENSOR_ARRAY") for var in loaded.program.list_vars())
    return FreshExecutor() if arrays else loaded.executor


def _feed_spec(var: Any) -> FeedSpec:
    return FeedSpec(tuple(var.shape), DTYPES.get(str(var.dtype).rpartition(".")[2], "float32"))


def read_feed_specs(model: Path) -> dict[str, FeedSpec]:
    """Shape and type by feed name of ``model.pdmodel``, without loading parameters.

    Reads the raw description, as ``bench.in_worker.engine`` does.
    """
    from paddle.base import core

    description = core.ProgramDesc((model / "model.pdmodel").read_bytes())  # owns the block
    block = description.block(0)
    specs = {}
    for op in (block.op(index) for index in range(block.op_size())):
        if op.type() == "feed":
            name = op.output("Out")[0]
            var = block.find_var(name.encode())
            kind = str(var.dtype()).rpartition(".")[2]
            specs[name] = FeedSpec(tuple(var.shape()), DTYPES.get(kind, "float32"))
    return specs


def load_program(folder: Path) -> Program:
    """Loads ``model.pdmodel`` and ``model.pdiparams`` of the folder."""
    import paddle

    paddle.enable_static()
    executor = paddle.static.Executor(paddle.CPUPlace())
    program, feeds, fetches = paddle.static.load_inference_model(
        str(folder), executor, model_filename="model.pdmodel", params_filename="model.pdiparams"
    )
    return Program(program, executor, list(feeds), list(fetches))


def parameters(loaded: Program) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Every stored array with its name, copied out of the scope one at a time."""
    import paddle

    scope = paddle.static.global_scope()
    holders = ("feed", "fetch")  # persistable, but no tensors
    persistable = (var.name for var in loaded.program.list_vars() if var.persistable)
    for name in (name for name in persistable if name not in holders):
        variable = scope.find_var(name)
        if variable is not None and variable.get_tensor()._is_initialized():
            yield name, np.asarray(variable.get_tensor())


def save_program(loaded: Program, folder: Path) -> None:
    """Writes ``model.pdmodel`` and ``model.pdiparams``, with nothing added or pruned."""
    from paddle.static.io import _serialize_persistables

    (folder / "model.pdmodel").write_bytes(loaded.program.desc.serialize_to_string())
    parameters = _serialize_persistables(loaded.program, loaded.executor)
    (folder / "model.pdiparams").write_bytes(parameters)


def export_program(loaded: Program, program: Any, folder: Path) -> None:
    """Writes another program with the same inputs and outputs, ready for inference."""
    import paddle

    block = program.global_block()
    paddle.static.save_inference_model(
        str(folder / "model"),
        [block.var(name) for name in loaded.feeds],
        [block.var(var.name) for var in loaded.fetches],
        loaded.executor,
        program=program,
    )
