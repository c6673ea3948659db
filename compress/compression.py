"""Compresses models through the store: each step of a recipe and each trial of a search once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import Field

from compress.artifacts import Artifact, Workshop, build_artifact, circumstances, part_of
from compress.canonical import content_hash
from compress.errors import JobFailure
from compress.recipes.parse import QUANTISING, ParsedRecipe, RecipeStep
from compress.record import Effects, combine_effects
from compress.sandbox.access import Access
from compress.schema import StrictModel, load_json, write_json
from compress.search import KEYS, Trial, search_ptq
from compress.source import SuiteSource, fingerprint_data
from compress.suites.base import Document, Impact
from compress.training_log import fell_into_poor_optimum, final_loss
from compress.worker import run_worker
from compress.worker_process import read_answer

DISTANCE = "distance.json"


@dataclass(frozen=True)
class CompressSpec:
    """``data_config``: resolved config of the data; ``data``: the folders that compression and
    evaluation read, None for synthetic batches. ``seed``: of training and of drawing batches.
    ``accuracy`` measures one trial of a search; None without trained weights or labelled images.
    """

    recipe: ParsedRecipe
    data_config: Document | None
    data: tuple[Path, ...] | None
    input_shape: tuple[int, ...]
    seed: int = 0
    accuracy: Callable[[Artifact], float] | None = None


class Distance(StrictModel):
    """What ``compress.workers.distance`` answers."""

    distance: float = Field(ge=0)


def compress_artifact(
    workshop: Workshop,
    source: SuiteSource,
    model: Artifact,
    spec: CompressSpec,
) -> Artifact:
    """The compressed model after all steps of the recipe; raises JobFailure.

    Every step is an artifact of its own, so that an interrupted run goes on after the last one.
    """
    made = model
    notes: list[str] = []
    changes: Effects = {}
    for step in spec.recipe.steps:
        models = (made, model)
        if step.method == "ptq" and spec.recipe.search is not None:
            made = _search(workshop, source, models, step, spec)
        else:
            made = _train_well(workshop, source, models, step, spec)
        notes += made.remarks
        changes = combine_effects(changes, made.effects)
    return replace(made, notes=tuple(notes), changes=changes)


def _train_well(
    workshop: Workshop,
    source: SuiteSource,
    models: tuple[Artifact, Artifact],
    step: RecipeStep,
    spec: CompressSpec,
) -> Artifact:
    """The model after one step; if its training fell into a poor optimum, the better of two."""
    first = _compress_step(workshop, source, models, step, spec)
    if "QuantAware" not in step.sections or not fell_into_poor_optimum(first.losses):
        return first
    again = replace(spec, seed=spec.seed + 1)
    second = _compress_step(workshop, source, models, step, again)
    better = min((first, second), key=lambda one: final_loss(one.losses))
    note = (
        "training fell into a poor optimum and was run again from scratch with another seed; kept: "
        f"the {'first' if better is first else 'second'} run"
    )
    return replace(better, notes=(note, *better.remarks))


def _search(
    workshop: Workshop,
    source: SuiteSource,
    models: tuple[Artifact, Artifact],
    step: RecipeStep,
    spec: CompressSpec,
) -> Artifact:
    """The best of a search over the settings of ``QuantPost``."""

    def quantise(section: Document) -> Artifact:
        trial = RecipeStep(step.method, {"QuantPost": section})
        return _compress_step(workshop, source, models, trial, spec)

    def distance(made: Artifact) -> float:
        return output_distance(workshop, source, (models[0], made), spec)

    def loss(made: Artifact) -> float:
        return -_measure(made, spec)

    space, notes, reference = spec.recipe.search or {}, [], None
    if space.get("objective") == "accuracy":
        try:
            reference = _measure(models[0], spec)
        except JobFailure as failure:
            notes = [f"searched by distance, for accuracy cannot be measured: {failure.message}"]
    judge = distance if reference is None else loss
    trials = search_ptq(step.sections["QuantPost"], space, quantise, judge)
    made: Artifact = trials[0].artifact
    return replace(made, notes=(_describe_search(trials, reference), *notes, *made.remarks))


def _measure(made: Artifact, spec: CompressSpec) -> float:
    if spec.accuracy is None:
        raise JobFailure("compress", "error", "no trained weights, or no training data")
    return spec.accuracy(made)


def _describe_search(trials: list[Trial], reference: float | None) -> str:
    """What was tried, and the settings and the value of the best; ``reference`` is the accuracy of
    fp32 in a search by accuracy.
    """
    best, failed = trials[0], sum(trial.value is None for trial in trials)
    assert best.value is not None
    settings = [f"{key} {best.settings[key]}" for key in KEYS.values() if key in best.settings]
    value = f"distance {best.value:.4g}"
    if reference is not None:
        value = f"accuracy {-best.value:.2%}, fp32's {reference:.2%}, on training images"
    return f"best of {len(trials)} trials ({failed} failed): {', '.join(settings)}; {value}"


def output_distance(
    workshop: Workshop, source: SuiteSource, models: tuple[Artifact, Artifact], spec: CompressSpec
) -> float:
    """How far the second model's outputs are from the first's, kept in the store; see
    ``compress.workers.distance``. Raises JobFailure.
    """
    before, after = models
    key = content_hash(
        {
            "kind": "distance",
            "models": [before.content_hash, after.content_hash],
            "data": _data_part(source, spec),
            "shape": spec.input_shape,
            "seed": spec.seed,
            **circumstances(source),
        }
    )
    request = {
        "before": str(before.folder),
        "after": str(after.folder),
        "data_config": spec.data_config if spec.data else None,
        "shape": spec.input_shape,
        "seed": spec.seed,
        "suite": source.request(),
    }

    def make(folder: Path) -> None:
        answer, _ = run_worker(
            "compress.workers.distance",
            "compress",
            request,
            workplace=workshop.workplace,
            timeout_s=workshop.stage_timeout_s,
            access=Access((*source.places, before.folder, after.folder)),
        )
        write_json(folder / DISTANCE, read_answer(Distance, answer, "compress"))

    folder, _ = workshop.store.build(key, make)
    return load_json(Distance, folder / DISTANCE).distance


def _compress_step(
    workshop: Workshop,
    source: SuiteSource,
    models: tuple[Artifact, Artifact],
    step: RecipeStep,
    spec: CompressSpec,
) -> Artifact:
    """The model after one step; ``models`` are the one to change and its teacher."""
    model, teacher = models
    inputs = {
        "kind": "compress",
        "model": model.content_hash,
        "teacher": teacher.content_hash,
        "method": step.method,
        "sections": step.sections,
        "data": _data_part(source, spec),
        "shape": spec.input_shape,
        "seed": spec.seed,
        **circumstances(source),
    }
    request = {
        "model": str(model.folder),
        "teacher": str(teacher.folder),
        "method": step.method,
        "sections": step.sections,
        "op_types": spec.recipe.op_types,
        "quantises": step.method in QUANTISING,
        "data_config": spec.data_config if inputs["data"] else None,
        "shape": spec.input_shape,
        "seed": spec.seed,
        "suite": source.request(),
    }
    reads = (*source.places, model.folder, teacher.folder)
    return build_artifact(workshop, inputs, "compress", request, reads)


def _data_part(source: SuiteSource, spec: CompressSpec) -> list[Any] | None:
    """What compression sees of the data, None for synthetic batches."""
    if spec.data_config is None or spec.data is None:
        return None
    wanted: tuple[Impact, ...] = ("graph", "compression", "evaluation")
    return [
        part_of(spec.data_config, source.dialect, wanted),
        [fingerprint_data(folder) for folder in spec.data],
    ]
