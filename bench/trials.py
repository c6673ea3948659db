"""Judges the trials of a search by accuracy, as the compressed model would be deployed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bench.accuracy import measure_accuracy
from bench.crash import around_crashes
from bench.predictions import LabelledData
from bench.targets import target_for
from bench.timing import TimedModel
from compress.artifacts import Artifact, Workshop
from compress.recipes.inference_ops import inference_op_types
from compress.source import SuiteSource
from compress.suites.base import Document

TRIAL_IMAGES = 100
"""How many images each trial is judged on, spread evenly over the training set."""


def trial_accuracy(
    workshop: Workshop,
    source: SuiteSource,
    data_config: Document,
    training: LabelledData | None,
    weights: Path | None,
    shape: tuple[int, ...],
    left_out: tuple[str, ...] = (),
) -> Callable[[Artifact], float] | None:
    """A function that measures one trial (or fp32) and raises JobFailure; None without labelled
    images or trained weights. What crashes in one trial is left out of the next.

    Images of the training set, for the gate judges by those of the validation set: a search that
    saw them would choose what passes.
    """
    if training is None or weights is None:
        return None

    crashing = list(left_out)

    def measure(made: Artifact) -> float:
        op_types = tuple(inference_op_types(made.op_types))
        target = target_for(bool(op_types))
        accuracy, found = around_crashes(
            TimedModel(made.folder, target, op_types, tuple(crashing), shape),
            lambda m: measure_accuracy(
                workshop, source, m, made, data_config, training, TRIAL_IMAGES
            ),
        )
        crashing.extend(found)
        return accuracy.value

    return measure
