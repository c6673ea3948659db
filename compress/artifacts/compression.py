"""Compresses models through the store: each step of a recipe and each trial of a search once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from compress.artifacts.artifact import Artifact
from compress.artifacts.build import build_artifact, circumstances
from compress.artifacts.distance import output_distance
from compress.artifacts.record import Effects, combine_effects
from compress.artifacts.search import KEYS, Trial, search_ptq
from compress.artifacts.spec import CompressSpec, data_part
from compress.artifacts.training_log import fell_into_poor_optimum, final_loss
from compress.recipes.parse import QUANTISING, RecipeStep
from compress.source import SuiteSource
from compress.suites.dialect import Document
from compress.worker.requests import CompressRequest
from compress.workshop import Workshop
from core.errors import JobFailure


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
        "data": data_part(source, spec),
        "shape": spec.input_shape,
        "seed": spec.seed,
        **circumstances(source),
    }

    def request(out: Path) -> CompressRequest:
        return CompressRequest(
            suite=source.request(),
            model=model.folder,
            teacher=teacher.folder,
            method=step.method,
            sections=step.sections,
            op_types=spec.recipe.op_types,
            quantises=step.method in QUANTISING,
            data_config=spec.data_config if inputs["data"] else None,
            shape=spec.input_shape,
            seed=spec.seed,
            out=out,
        )

    reads = (*source.places, model.folder, teacher.folder)
    return build_artifact(workshop, inputs, "compress", request, reads)
