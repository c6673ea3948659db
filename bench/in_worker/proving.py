"""Reads from the optimised program, which is what a predictor really runs, in which precision the
ops run. Workers only.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench.engines.proof import ConvertedOps, MarkedOps, PaddleProof, TensorRtOps
from bench.in_worker.engine import loads_all
from bench.proven import TensorRtEngines
from compress.in_worker.graph.ranges import ranged_tensors

ENGINE = "tensorrt_engine"
PLUMBING = ("feed", "fetch")

Counts = dict[str, tuple[int, int]]
"""By op type: how many ops run in the low precision, and their total."""


def prove(
    dump: Path, proof: PaddleProof, engines: Path | None = None
) -> tuple[Counts, TensorRtEngines | None]:
    """The counts by op type; about TensorRT's engines, what is in them. ``dump``: the folder with
    the optimised program, the engines that it runs and TensorRT's descriptions of them;
    ``engines``: the one with those that were built for the model.
    """
    program = read_description(dump)
    if isinstance(proof, MarkedOps):
        return count_ops(_ops(program), lambda op: _has_mark(op, proof)), None
    if isinstance(proof, ConvertedOps):
        return _count_converted(program, proof.dtype), None
    return _count_in_engines(program, proof), describe_engines(program, dump, engines)


def read_description(dump: Path) -> Any:
    """The optimised program. Its raw description: ``paddle.static.Program`` refuses ops that only
    the optimiser knows. It owns its blocks.
    """
    from paddle.base import core

    return core.ProgramDesc(next(dump.glob("*_optimized.pdmodel")).read_bytes())


def count_ops(ops: Iterable[Any], is_low: Callable[[Any], bool]) -> Counts:
    """How many of the ops are of the low precision, and their total, by op type."""
    low: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for op in ops:
        total[op.type()] += 1
        low[op.type()] += is_low(op)
    return {op_type: (low[op_type], total[op_type]) for op_type in sorted(total)}


def _ops(program: Any) -> list[Any]:
    """All ops that compute. An engine's own op does not: those in its block do."""
    blocks = [program.block(index) for index in range(program.num_blocks())]
    ops = [block.op(index) for block in blocks for index in range(block.op_size())]
    return [op for op in ops if op.type() not in (*PLUMBING, ENGINE)]


def _has_mark(op: Any, proof: MarkedOps) -> bool:
    return bool(op.has_attr(proof.attribute) and op.attr(proof.attribute) == proof.value)


def _count_converted(program: Any, dtype: str) -> Counts:
    """Ops count as converted if every variable that they write has the type."""
    from paddle.base import core

    wanted = getattr(core.VarDesc.VarType, dtype)
    types: dict[str, Any] = {}
    for index in range(program.num_blocks()):
        for variable in program.block(index).all_vars():
            if variable.type() == core.VarDesc.VarType.LOD_TENSOR:
                types[variable.name()] = variable.dtype()

    def is_converted(op: Any) -> bool:
        written = [types[name] for name in op.output_arg_names() if name in types]
        return bool(written) and all(written_type == wanted for written_type in written)

    return count_ops(_ops(program), is_converted)


def _engines(program: Any) -> list[Any]:
    main = program.block(0)
    ops = [main.op(index) for index in range(main.op_size())]
    return [op for op in ops if op.type() == ENGINE]


def _count_in_engines(program: Any, proof: TensorRtOps) -> Counts:
    allowed = {
        engine._block_attr_id("sub_block")
        for engine in _engines(program)
        if engine.attr(f"enable_{proof.precision}")
    }
    low: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for index in range(program.num_blocks()):
        block = program.block(index)
        ops = [block.op(number) for number in range(block.op_size())]
        ranged = ranged_tensors(ops)
        for op in ops:
            if op.type() not in (*PLUMBING, ENGINE):
                ends = (op.input_arg_names(), op.output_arg_names())
                fits = proof.precision == "fp16" or all(map(ranged.intersection, ends))
                total[op.type()] += 1
                low[op.type()] += index in allowed and fits
    return {op_type: (low[op_type], total[op_type]) for op_type in sorted(total)}


def describe_engines(program: Any, dump: Path, built: Path | None = None) -> TensorRtEngines:
    """What stayed outside TensorRT's engines, and in which precisions their layers really run; see
    ``prove`` for the folders.
    """
    main = program.block(0)
    names = [main.op(index).type() for index in range(main.op_size())]
    outside = Counter(name for name in names if name not in (*PLUMBING, ENGINE))
    engines = _engines(program)
    return TensorRtEngines(
        engines=len(engines),
        dynamic=any(engine.attr("with_dynamic_shape") for engine in engines),
        outside=dict(sorted(outside.items())),
        layers=dict(sorted(_count_layers(dump).items())),
        loaded=built is not None and loads_all(built, dump, len(engines)),
    )


def _count_layers(dump: Path) -> Counter[str]:
    """The layers by the type of what they compute, from ``engine_info_KEY.json``, a list of what
    TensorRT tells of each layer (``TensorRTEngine::GetEngineInfo`` of Paddle); a layer that only
    moves data has the type that it writes.
    """
    layers: Counter[str] = Counter()
    for file in sorted(dump.glob("engine_info_*.json")):
        for layer in json.loads(file.read_text()):
            if isinstance(layer, dict):
                layers[layer_precision(layer)] += 1
    return layers


def layer_precision(layer: dict[str, Any]) -> str:
    """``Int8``, ``Half`` or ``Float``, as TensorRT 8.5 writes it: the type of a layer's weights,
    else that of its first output, whose description begins with "Two wide channel vectorized row
    major Int8 format" for example.
    """
    weights = layer.get("Weights")
    if isinstance(weights, dict) and weights.get("Type"):
        return str(weights["Type"])
    outputs = layer.get("Outputs") or [{}]
    words = str(outputs[0].get("Format/Datatype", "")).lower()
    for name, signs in (("Int8", ("int8",)), ("Half", ("fp16", "half")), ("Float", ("fp32",))):
        if any(sign in words for sign in signs):
            return name
    return "other"
