"""Judges the trials of a search by accuracy, as the compressed model would be deployed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bench.accuracy import measure_accuracy
from bench.crash import around_crashes
from bench.deployment import deploy
from bench.metrics.base import LabelledData
from compress.artifacts.artifact import Artifact
from compress.source import SuiteSource
from compress.suites.dialect import Document
from compress.workshop import Workshop

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
        accuracy, crashed = around_crashes(
            deploy(made, shape, left_out=tuple(crashing)),
            lambda model: measure_accuracy(
                workshop, source, model, made.content_hash, data_config, training, TRIAL_IMAGES
            ),
        )
        crashing.extend(crashed)
        return accuracy.value

    return measure
