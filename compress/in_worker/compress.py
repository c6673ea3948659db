"""Worker: compresses an inference model by one method."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from compress.artifacts.record import Made
from compress.in_worker.data import Drawing, batches_for
from compress.in_worker.graph.biases import absorb_biases
from compress.in_worker.graph.canonical import canonicalise
from compress.in_worker.graph.effects import count_effects, quantised_op_types
from compress.in_worker.graph.fast_editing import install
from compress.in_worker.graph.program import Program, executor_for, load_program, save_program
from compress.in_worker.graph.repair import (
    diverged_weights,
    drop_output_scales,
    free_branches,
    free_inputs,
    integer_weights,
    nudge_weights,
    replace_dropouts,
    vector_products,
)
from compress.in_worker.graph.skipping import (
    leave_branches,
    leave_computed_filters,
    leave_multipliers,
)
from compress.in_worker.layers import read_layers
from compress.in_worker.method import CompressionJob, Tell, load_method
from compress.in_worker.suite import enter_suite
from compress.in_worker.training.nodes import flat_nodes
from compress.worker.requests import CompressRequest


def handle(request: CompressRequest, tell: Tell) -> Made:
    """Writes the compressed model to ``request.out``; reports progress by ``tell``.

    Raises ValueError if nothing was quantised, FloatingPointError if a parameter became infinite.
    """
    driver = enter_suite(request.suite, request.seed)
    install()
    model, teacher = _private_copy(request.model), _private_copy(request.teacher)
    loaded, remarks = _repair(load_program(model), model, request)
    before, infinite = count_effects(loaded), set(diverged_weights(loaded))
    drawing, specs = Drawing(request.seed), loaded.feed_specs()
    job = CompressionJob(
        model=model,
        teacher=teacher,
        sections=request.sections,
        batches=batches_for(request.data_config, request.shape, driver, specs, drawing),
        out=request.out,
        variables=loaded.names(),
        layers=read_layers(request.teacher),
        vector_products=vector_products(loaded),
        executor=executor_for(loaded),
        tell=tell,
    )
    record = load_method(request.method).compress(job)
    result = load_program(job.out)
    if request.quantises:
        remarks += _free(result, job.out)
    canonicalise(job.out / "model.pdmodel")
    _require_finite(result, infinite, trained=bool(record.curve.losses))
    after = count_effects(result)
    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    return record.model_copy(
        update={
            "remarks": (*remarks, *record.remarks),
            "quantised": tuple(_quantised(result, request)),
            "seed": request.seed,
            "effects": {**changed, **record.effects},
        }
    )


def _free(result: Program, out: Path) -> list[str]:
    """Makes engines leave in fp32 what the recipe leaves in fp32; returns remarks."""
    branches, convolutions = free_branches(result), free_inputs(result)
    if branches or convolutions:
        save_program(result, out)
    if not convolutions:
        return []
    return [f"convolutions that stay in fp32: {convolutions}"]


def _quantised(result: Program, request: CompressRequest) -> list[str]:
    """The quantised op types of the recipe; raises ValueError if there should be some."""
    present = quantised_op_types(result)
    quantised = [op_type for op_type in request.op_types if op_type in present]
    if request.quantises and not quantised:
        raise ValueError(
            "nothing was quantised: the model has no op of the recipe's types "
            + ", ".join(request.op_types)
        )
    return quantised


def _repair(loaded: Program, model: Path, request: CompressRequest) -> tuple[Program, list[str]]:
    """Repairs ``model`` where compression would silently fail; loads it again, with remarks."""
    whole = integer_weights(loaded)
    nudge_weights(whole)
    drop_output_scales(loaded)
    remarks = []
    if request.quantises:
        remarks += leave_branches(loaded)
        remarks += leave_computed_filters(loaded)
        remarks += leave_multipliers(loaded)
        if biases := absorb_biases(loaded, _named_nodes(request.sections)):
            reason = "or int8 would compute both separately"
            remarks.append(f"{biases} biases moved into the batch norms behind them, {reason}")
    save_program(loaded, model)
    if whole:
        names = ", ".join(whole[:3]) + (", …" if len(whole) > 3 else "")
        reason = "or the int8 pass would take them for int8 weights"
        remarks.append(f"{len(whole)} whole-numbered weights nudged by 1e-6, {reason} ({names})")
    return load_program(model), remarks


def _named_nodes(sections: dict[str, Any]) -> set[str]:
    """The nodes that the recipe distils from."""
    distillations = (section for section in sections.values() if "node" in (section or ()))
    return {node for section in distillations for node in flat_nodes(section)}


def _require_finite(result: Program, before: set[str], trained: bool) -> None:
    """Raises FloatingPointError for parameters that compression made infinite; masks may hold
    infinities from the start (``before``).
    """
    infinite = [name for name in diverged_weights(result) if name not in before]
    if not infinite:
        return
    culprits = f"{len(infinite)} parameters are not finite ({infinite[0]}, …)"
    if trained:
        raise FloatingPointError(f"training diverged: {culprits}; lower the recipe's learning rate")
    raise FloatingPointError(f"{culprits} after quantisation: check the model's own weights")


def _private_copy(model: Path) -> Path:
    """A copy that methods may rewrite, without dropout, which some cannot take."""
    copy = Path(tempfile.mkdtemp(prefix="model-", dir="."))
    for name in ("model.pdmodel", "model.pdiparams"):
        shutil.copyfile(model / name, copy / name)
    replace_dropouts(copy / "model.pdmodel")
    return copy
