"""Compresses models through the store; each step of a recipe and trial of a search runs once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from compress.artifacts.artifact import Artifact
from compress.artifacts.build import build_artifact, circumstances
from compress.artifacts.distance import output_distance
from compress.artifacts.record import Effects, combine_effects
from compress.artifacts.search import KEYS, Trial, search_ptq
from compress.artifacts.spec import CompressSpec, data_part, data_view
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

    Every step is an artifact of its own, so that an interrupted run resumes after the last one.
    """
    return Compression(workshop, source, spec).apply(model)


@dataclass(frozen=True)
class Compression:
    """The compression of one model by a recipe: what all of its steps share."""

    workshop: Workshop
    source: SuiteSource
    spec: CompressSpec

    def apply(self, model: Artifact) -> Artifact:
        """The model after all steps."""
        current = model
        notes: list[str] = []
        changes: Effects = {}
        for step in self.spec.recipe.steps:
            models = (current, model)
            if step.method == "ptq" and self.spec.recipe.search is not None:
                current = self.search(models, step)
            else:
                current = self.train_well(models, step)
            notes += current.remarks
            changes = combine_effects(changes, current.effects)
        return replace(current, notes=tuple(notes), changes=changes)

    def train_well(self, models: tuple[Artifact, Artifact], step: RecipeStep) -> Artifact:
        """The model after a step; the better of two runs if training fell into a poor optimum."""
        first = self.run_step(models, step)
        if "QuantAware" not in step.sections or not fell_into_poor_optimum(first.losses):
            return first
        again = replace(self, spec=replace(self.spec, seed=self.spec.seed + 1))
        second = again.run_step(models, step)
        better = min((first, second), key=lambda run: final_loss(run.losses))
        note = (
            "training fell into a poor optimum and was run again from scratch with another seed; "
            f"kept: the {'first' if better is first else 'second'} run"
        )
        return replace(better, notes=(note, *better.remarks))

    def search(self, models: tuple[Artifact, Artifact], step: RecipeStep) -> Artifact:
        """The best model of a search over the settings of ``QuantPost``."""

        def quantise(section: Document) -> Artifact:
            trial = RecipeStep(step.method, {"QuantPost": section})
            return self.run_step(models, trial)

        def distance(candidate: Artifact) -> float:
            return output_distance(self.workshop, self.source, (models[0], candidate), self.spec)

        def loss(candidate: Artifact) -> float:
            return -_measure(candidate, self.spec)

        space, notes, reference = self.spec.recipe.search or {}, [], None
        if space.get("objective") == "accuracy":
            try:
                reference = _measure(models[0], self.spec)
            except JobFailure as failure:
                notes = [
                    f"searched by distance, for accuracy cannot be measured: {failure.message}"
                ]
        judge = distance if reference is None else loss
        trials = search_ptq(step.sections["QuantPost"], space, quantise, judge)
        best: Artifact = trials[0].artifact
        return replace(best, notes=(_describe_search(trials, reference), *notes, *best.remarks))

    def run_step(self, models: tuple[Artifact, Artifact], step: RecipeStep) -> Artifact:
        """The model after one step; ``models`` are the model to change and its teacher."""
        model, teacher = models
        inputs = {
            "kind": "compress",
            "model": model.files_hash,
            "teacher": teacher.files_hash,
            "method": step.method,
            "sections": step.sections,
            "op_types": self.spec.recipe.op_types,
            "data": data_part(self.source, self.spec),
            "shape": self.spec.input_shape,
            "seed": self.spec.seed,
            **circumstances(self.source, self.workshop.runtime),
        }

        def request(out: Path) -> CompressRequest:
            return CompressRequest(
                suite=self.source.request(),
                model=model.folder,
                teacher=teacher.folder,
                method=step.method,
                sections=step.sections,
                op_types=self.spec.recipe.op_types,
                quantises=step.method in QUANTISING,
                data_config=data_view(self.source, self.spec),
                shape=self.spec.input_shape,
                seed=self.spec.seed,
                out=out,
            )

        reads = (*self.source.places, model.folder, teacher.folder)
        return build_artifact(self.workshop, inputs, "compress", request, reads, self.spec.covers)


def _measure(model: Artifact, spec: CompressSpec) -> float:
    if spec.accuracy is None:
        raise JobFailure("compress", "error", "no trained weights, or no training data")
    return spec.accuracy(model)


def _describe_search(trials: list[Trial], reference: float | None) -> str:
    """The number of trials, and the settings and value of the best; ``reference`` is the accuracy
    of fp32 in a search by accuracy, None in a search by distance.
    """
    best, failed = trials[0], sum(trial.value is None for trial in trials)
    assert best.value is not None
    settings = [f"{key} {best.settings[key]}" for key in KEYS.values() if key in best.settings]
    value = f"distance {best.value:.4g}"
    if reference is not None:
        value = f"accuracy {-best.value:.2%}, fp32's {reference:.2%}, on training images"
    return f"best of {len(trials)} trials ({failed} failed): {', '.join(settings)}; {value}"
