"""Makes the ``Config`` of Paddle Inference that an engine's calls describe, and says what it holds.

The program of the request ``{"engine", "proof", "ops"}`` has one op of each type in ``ops``.
"""

import tempfile
import zlib  # noqa: F401  before paddle
from pathlib import Path

from pydantic import TypeAdapter

from bench.engines.proof import ProofOf, TensorRtOps
from bench.in_worker.engine import make_config
from bench.requests import Configured

STATES = (
    "mkldnn_enabled",
    "mkldnn_int8_enabled",
    "use_gpu",
    "tensorrt_engine_enabled",
    "tensorrt_inspector_enabled",
)


def handle(request):
    write_program(Path("model.pdmodel"), request["ops"])
    engine = Configured.model_validate({**request["engine"], "model": "."})
    proof = request["proof"] and TypeAdapter(ProofOf).validate_python(request["proof"])
    out = Path(tempfile.mkdtemp(dir="."))
    config = make_config(engine, out, save=True, inspect=isinstance(proof, TensorRtOps))
    return {
        "summary": dict(rows_of(config.summary())),
        "states": {name: getattr(config, name)() for name in STATES},
        "passes": config.pass_builder().all_passes(),
    }


def rows_of(table):
    """The names and values of Paddle's table, ``| name | value |``."""
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 4:
            yield cells[1], cells[2]


def write_program(file, op_types):
    from paddle.base import core

    program = core.ProgramDesc()
    for op_type in op_types:
        program.block(0).append_op().set_type(op_type)
    file.write_bytes(program.serialize_to_string())
