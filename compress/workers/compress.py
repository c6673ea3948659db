"""Worker: compresses an inference model by one method."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from compress.graph.biases import absorb_biases
from compress.graph.canonical import canonicalise
from compress.graph.effects import count_effects, quantised_op_types
from compress.graph.fast_editing import install
from compress.graph.program import Program, executor_for, load_program, save_program
from compress.graph.repair import (
    diverged_weights,
    drop_output_scales,
    free_branches,
    free_inputs,
    integer_weights,
    nudge_weights,
    replace_dropouts,
    vector_products,
)
from compress.methods import load_method
from compress.methods.base import CompressionJob, Tell
from compress.methods.nodes import flat_nodes
from compress.methods.skipping import leave_branches, leave_computed_filters, leave_multipliers
from compress.suites.layers import read_layers
from compress.workers.data import batches_for
from compress.workers.suite import enter_suite

TELLS = True


def handle(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """``model``, ``teacher`` (folders), ``sections``, ``method``, ``op_types``, ``quantises``,
    ``data_config`` or None, ``shape``, ``seed``, ``out``.

    Answers ``compress.record.Made``.
    """
    driver = enter_suite(request)
    install()
    model, teacher = _private_copy(request["model"]), _private_copy(request["teacher"])
    loaded, remarks = _repair(load_program(model), model, request)
    before, infinite = count_effects(loaded), set(diverged_weights(loaded))
    job = CompressionJob(
        model=model,
        teacher=teacher,
        sections=request["sections"],
        batches=batches_for(request, driver, loaded.feed_specs()),
        out=Path(request["out"]),
        variables=loaded.names(),
        layers=read_layers(Path(request["teacher"])),
        vector_products=vector_products(loaded),
        executor=executor_for(loaded),
        tell=tell,
    )
    made = load_method(request["method"]).compress(job)
    result = load_program(job.out)
    if request["quantises"]:
        remarks += _free(result, job.out)
    canonicalise(job.out / "model.pdmodel")
    _require_finite(result, infinite, trained=bool(made.curve.losses))
    after = count_effects(result)
    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    more = {
        "remarks": (*remarks, *made.remarks),
        "quantised": _quantised(result, request),
        "seed": request["seed"],
        "effects": {**changed, **made.effects},
    }
    answer: dict[str, Any] = made.model_copy(update=more).model_dump()
    return answer


def _free(result: Program, out: Path) -> list[str]:
    """Has the engine leave in fp32 what the recipe leaves there; returns the remarks."""
    branches, convolutions = free_branches(result), free_inputs(result)
    if branches or convolutions:
        save_program(result, out)
    if not convolutions:
        return []
    return [f"convolutions that stay in fp32: {convolutions}"]


def _quantised(result: Program, request: dict[str, Any]) -> list[str]:
    """Those of the recipe's op types that are quantised; none is an error if some should be."""
    present = quantised_op_types(result)
    found = [op_type for op_type in request["op_types"] if op_type in present]
    if request["quantises"] and not found:
        raise ValueError(
            "nothing was quantised: the model has no op of the recipe's types "
            + ", ".join(request["op_types"])
        )
    return found


def _repair(loaded: Program, model: Path, request: dict[str, Any]) -> tuple[Program, list[str]]:
    """Mends in ``model`` what would go wrong unseen; returns it anew, and the remarks on it."""
    whole = integer_weights(loaded)
    nudge_weights(whole)
    drop_output_scales(loaded)
    remarks = []
    if request["quantises"]:
        remarks += leave_branches(loaded)
        remarks += leave_computed_filters(loaded)
        remarks += leave_multipliers(loaded)
        if biases := absorb_biases(loaded, _named_nodes(request["sections"])):
            why = "or int8 would compute both apart"
            remarks.append(f"{biases} biases moved into the batch norms behind them, {why}")
    save_program(loaded, model)
    if whole:
        names = ", ".join(whole[:3]) + (", …" if len(whole) > 3 else "")
        why = "or the int8 pass would take them for int8 ones"
        remarks.append(f"{len(whole)} whole-numbered weights nudged by 1e-6, {why} ({names})")
    return load_program(model), remarks


def _named_nodes(sections: dict[str, Any]) -> set[str]:
    """What the recipe distils from."""
    named = (section for section in sections.values() if "node" in (section or ()))
    return {node for section in named for node in flat_nodes(section)}


def _require_finite(result: Program, before: set[str], trained: bool) -> None:
    """Masks may hold infinities from the start; what compression made infinite is an error."""
    infinite = [name for name in diverged_weights(result) if name not in before]
    if not infinite:
        return
    what = f"{len(infinite)} parameters are not finite ({infinite[0]}, …)"
    if trained:
        raise FloatingPointError(f"training diverged: {what}; lower the recipe's learning rate")
    raise FloatingPointError(f"{what} after quantisation: look at the model's own weights")


def _private_copy(model: str) -> Path:
    """Methods may rewrite the model that they are given; some need it without dropout."""
    copy = Path(tempfile.mkdtemp(prefix="model-", dir="."))
    for name in ("model.pdmodel", "model.pdiparams"):
        shutil.copyfile(Path(model) / name, copy / name)
    replace_dropouts(copy / "model.pdmodel")
    return copy
