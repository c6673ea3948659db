"""Writes programs as Paddle's optimiser saves them, and proves the precision of their ops.

A request names the proof and the blocks: each op is ``{"type", "in", "out", "attrs"}``, where
``in`` and ``out`` are names of variables by slot; ``half`` are the variables in float16. ``files``
are what Paddle writes in the process that proves, ``built`` in the one that built the engines.
"""

import json
import tempfile
import zlib  # noqa: F401  before paddle
from pathlib import Path

from pydantic import TypeAdapter

from bench.engines.proof import ProofOf
from bench.in_worker.engine import offer_engines
from bench.in_worker.proving import prove


def handle(request):
    dump = Path(tempfile.mkdtemp(dir="."))
    (dump / "_optimized.pdmodel").write_bytes(program_of(request).serialize_to_string())
    built = None
    if "built" in request:
        built = Path(tempfile.mkdtemp(dir="."))
        write(built, request["built"])
        offer_engines(built, dump)
    write(dump, request.get("files", {}))
    ops, tensorrt = prove(dump, TypeAdapter(ProofOf).validate_python(request["proof"]), built)
    return {"ops": ops, "tensorrt": tensorrt and tensorrt.model_dump()}


def write(folder, files):
    for name, text in files.items():
        (folder / name).write_text(text if isinstance(text, str) else json.dumps(text))


def program_of(request):
    from paddle.base import core

    program = core.ProgramDesc()
    blocks = [program.block(0)]
    for _ in request["blocks"][1:]:
        blocks.append(program.append_block(blocks[0]))
    for block, ops in zip(blocks, request["blocks"], strict=True):
        for each in ops:
            op = block.append_op()
            op.set_type(each["type"])
            for slots, put in ((each.get("in", {}), op.set_input), (each["out"], op.set_output)):
                for slot, name in slots.items():
                    put(slot, [name])
                    declare(core, block, name, name in request.get("half", ()))
            for name, value in each.get("attrs", {}).items():
                if name == "sub_block":
                    op.set_block_attr(name, blocks[value])
                else:
                    op._set_attr(name, value)
    return program


def declare(core, block, name, half):
    kinds = core.VarDesc.VarType
    variable = block.var(name.encode())
    variable.set_type(kinds.LOD_TENSOR)
    variable.set_dtype(kinds.FP16 if half else kinds.FP32)
