"""Worker: compresses an inference model by one method."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from compress.graph import (
    Program,
    diverged_weights,
    integer_weights,
    load_program,
    nudge_weights,
    quantised_op_types,
    save_program,
    vector_products,
)
from compress.methods import load_method
from compress.methods.base import Batches, CompressionJob
from compress.workers.data import suite_batches, synthetic_batches
from compress.workers.suite import enter_suite, write_config


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``model`` (folder), ``sections``, ``method``, ``data_config`` or None, ``shape``, ``out``.

    Answers ``remarks``: what was repaired or chosen along the way, and ``quantised``: those of the
    recipe's op types that carry quantisation ops in what was made (other ops may read the same
    quantised tensors).
    """
    driver = enter_suite(request)
    model = _private_copy(Path(request["model"]))
    loaded = load_program(model)
    remarks = _repair(loaded, model)
    specs = loaded.feed_specs()
    if request["data_config"] is None:
        batches: Batches = synthetic_batches(specs, request["shape"])
    else:
        batches = suite_batches(driver.training_data(write_config(request["data_config"])), specs)
    job = CompressionJob(
        model,
        request["sections"],
        batches,
        Path(request["out"]),
        loaded.names(),
        vector_products(loaded),
    )
    remarks += load_method(request["method"]).compress(job)
    made = load_program(job.out)
    diverged = diverged_weights(made)
    if diverged:
        raise FloatingPointError(
            f"training diverged: {len(diverged)} parameters are not finite ({diverged[0]}, …); "
            "lower the recipe's learning rate"
        )
    present = quantised_op_types(made)
    return {"remarks": remarks, "quantised": [t for t in request["op_types"] if t in present]}


def _repair(loaded: Program, model: Path) -> list[str]:
    """Mends in ``model`` what would go wrong unseen; returns the remarks on it."""
    whole = integer_weights(loaded)
    if not whole:
        return []
    nudge_weights(whole)
    save_program(loaded, model)
    names = ", ".join(whole[:3]) + (", …" if len(whole) > 3 else "")
    why = "or the int8 pass would take them for int8 ones"
    return [f"{len(whole)} whole-numbered weights nudged by 1e-6, {why} ({names})"]


def _private_copy(model: Path) -> Path:
    """ACT rewrites the model that it is given."""
    copy = Path(tempfile.mkdtemp(prefix="model-", dir="."))
    for name in ("model.pdmodel", "model.pdiparams"):
        shutil.copyfile(model / name, copy / name)
    return copy
