"""Reads and repairs exported inference programs. Imports Paddle: workers only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from compress.feeds import FeedSpec

OUTPUT_SCALE = "save_infer_model/"
DTYPES = {"FP32": "float32", "FP64": "float64", "INT32": "int32", "INT64": "int64", "BOOL": "bool"}
DROPOUT_ATTRIBUTES = ("dropout_implementation", "dropout_prob", "fix_seed", "is_test", "seed")
FINAL_OPS = {
    **dict.fromkeys(("conv2d", "depthwise_conv2d", "conv2d_transpose"), "Output"),
    **dict.fromkeys(("mul", "matmul", "matmul_v2"), "Out"),
    **dict.fromkeys(("batch_norm", "sync_batch_norm", "layer_norm", "instance_norm"), "Y"),
}
"""Ops with weights that a final node may come from, with the slot of their output."""
WEIGHTED_OPS = ("conv2d", "depthwise_conv2d", "conv2d_transpose", "mul", "matmul", "matmul_v2")


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


def final_nodes(block: Any) -> list[str]:
    """Outputs of the main block's ops with weights from which no other such op is reached; with the
    bias, where one is added.

    The same as PaddleSlim's ``find_final_nodes``, which takes minutes on large models and for ever
    on loops.
    """
    leading: set[str] = set()
    biased: dict[str, str] = {}
    found = []
    for op in reversed(block.ops):
        persistable = [n for n in op.input_arg_names if block.has_var(n) and _holds(block, n)]
        if op.type == "elementwise_add" and persistable:
            biased.update(dict.fromkeys(op.input_arg_names, op.output("Out")[0]))
        weighted = op.type in FINAL_OPS and bool(persistable)
        leads = bool(leading.intersection(op.output_arg_names))
        if weighted and not leads:
            output = op.output(FINAL_OPS[op.type])[0]
            found.append(biased.get(output, output))
        if weighted or leads:
            leading.update(op.input_arg_names)
    return sorted(found)


def _holds(block: Any, name: str) -> bool:
    return bool(block.var(name).persistable)


class FreshExecutor:
    """Runs every batch with a new executor: one that has run a loop keeps its tensor arrays, and
    the next run ends in "Tensor holds no memory" (two-stage detectors).
    """

    def run(self, *args: Any, **named: Any) -> Any:
        """As ``paddle.static.Executor.run``."""
        import paddle

        return paddle.static.Executor(paddle.CPUPlace()).run(*args, **named)


def executor_for(loaded: Program) -> Any:
    """The program's own executor, or a fresh one for each run where loops keep arrays."""
    arrays = any(str(var.type).endswith("LOD_TENSOR_ARRAY") for var in loaded.program.list_vars())
    return FreshExecutor() if arrays else loaded.executor


def _feed_spec(var: Any) -> FeedSpec:
    return FeedSpec(tuple(var.shape), DTYPES.get(str(var.dtype).rpartition(".")[2], "float32"))


def read_feed_specs(model: Path) -> dict[str, FeedSpec]:
    """Shape and type by feed name of ``model.pdmodel``, without loading parameters.

    Reads the raw description, as ``bench.engine`` does.
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


def integer_weights(loaded: Program) -> list[str]:
    """Names of fp32 weights of convolutions and products whose values are all whole numbers.

    Paddle 2.6's ``quant_dequant_mkldnn_pass`` takes such weights for int8 ones and then fails
    with "Could not find threshold information" (docs/int8.md).
    """
    import paddle

    scope = paddle.static.global_scope()
    found = []
    for op in loaded.program.global_block().ops:
        if op.type in WEIGHTED_OPS:
            for name in op.input_arg_names:
                var = loaded.program.global_block().var(name)
                if var.persistable and var.dtype == paddle.float32:
                    values = np.asarray(scope.find_var(name).get_tensor())
                    if values.size and np.all(values == np.round(values)):
                        found.append(name)
    return sorted(set(found))


def parameters(loaded: Program) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Every stored array with its name; copied out of the scope one at a time."""
    import paddle

    scope = paddle.static.global_scope()
    holders = ("feed", "fetch")  # persistable, but no tensors
    persistable = (var.name for var in loaded.program.list_vars() if var.persistable)
    for name in (name for name in persistable if name not in holders):
        variable = scope.find_var(name)
        if variable is not None and variable.get_tensor()._is_initialized():
            yield name, np.asarray(variable.get_tensor())


def diverged_weights(loaded: Program) -> list[str]:
    """Names of parameters that hold NaN or infinity: training went wrong."""
    return sorted(
        name
        for name, values in parameters(loaded)
        if values.dtype.kind == "f" and not np.all(np.isfinite(values))
    )


def vector_products(loaded: Program) -> list[str]:
    """Names of one-dimensional weights of matrix products, on which channel-wise PTQ fails."""
    block = loaded.program.global_block()
    inputs = (
        name
        for op in block.ops
        if op.type in ("matmul", "matmul_v2")
        for name in op.input_arg_names
    )
    return sorted({n for n in inputs if block.var(n).persistable and len(block.var(n).shape) < 2})


def quantised_op_types(loaded: Program) -> list[str]:
    """Op types that read an output of a (fake) quantisation op: what was trained quantised."""
    ops = loaded.program.global_block().ops
    outputs = {name for op in ops if "quantize" in op.type for name in op.output_arg_names}
    return sorted(
        {
            op.type
            for op in ops
            if "quantize" not in op.type
            and op.type in WEIGHTED_OPS
            and outputs.intersection(op.input_arg_names)
        }
    )


def nudge_weights(names: list[str]) -> None:
    """Moves whole-numbered weights by a relative 1e-6 (zeros by 1e-6) so that they count as fp32.

    The shift is far below fp32's own rounding of the results it leads to.
    """
    import paddle

    scope = paddle.static.global_scope()
    for name in names:
        tensor = scope.find_var(name).get_tensor()
        values = np.asarray(tensor)
        tensor.set(
            (values * (1 + 1e-6) + (values == 0) * 1e-6).astype(np.float32), paddle.CPUPlace()
        )


def drop_output_scales(loaded: Program) -> None:
    """Takes the ``scale`` ops by one off the outputs, which Paddle appends at every saving.

    A model that was saved twice has two of them under the same name, and quantising such a model
    ends, now and then, in "Generated graph shouldn't contain cycle". ``loaded.fetches`` are stale
    afterwards: save and load again.
    """
    block = loaded.program.global_block()
    for fetch in [op for op in block.ops if op.type == "fetch"]:
        while (index := _identity_before(block, fetch)) is not None:
            fetch.desc.set_input("X", block.ops[index].input("X"))
            block._remove_op(index)


def _identity_before(block: Any, fetch: Any) -> int | None:
    """Where the last op that makes the fetched variable stands, if it changes nothing."""
    name = fetch.desc.input("X")[0]
    makers = [index for index, op in enumerate(block.ops) if name in op.output_arg_names]
    if not makers or not name.startswith(OUTPUT_SCALE):
        return None
    op = block.ops[makers[-1]]
    idle = op.type == "scale" and op.attr("scale") == 1.0 and op.attr("bias") == 0.0
    return makers[-1] if idle else None


def replace_dropouts(file: Path) -> None:
    """Makes what ``dropout`` ops do at inference ``scale`` ops in a ``.pdmodel`` file: exports lack
    their masks, without which no teacher can be built of them.
    """
    from paddle.base import core

    description = core.ProgramDesc(file.read_bytes())
    block = description.block(0)
    found = [op for op in (block.op(i) for i in range(block.op_size())) if op.type() == "dropout"]
    for op in found:
        kept = op.attr("dropout_implementation") == "upscale_in_train"
        scale = 1.0 if kept else 1.0 - op.attr("dropout_prob")
        for name in DROPOUT_ATTRIBUTES:
            op.remove_attr(name)
        op.remove_output("Mask")
        op.remove_input("Seed")
        op.set_type("scale")
        op._set_float32_attr("scale", scale)
        op._set_float32_attr("bias", 0.0)
        op._set_bool_attr("bias_after_scale", True)
    if found:
        file.write_bytes(description.serialize_to_string())


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
