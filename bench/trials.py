"""Judges the trials of a search by the accuracy of the model as it would be deployed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench.accuracy import measure_accuracy
from bench.crash import around_crashes
from bench.deployment import Deployment
from bench.metrics.base import LabelledData
from compress.artifacts.artifact import Artifact
from compress.source import SuiteSource
from compress.suites.dialect import Document
from compress.workshop import Workshop

TRIAL_IMAGES = 100
"""Maximum number of images that each trial is judged on, spread evenly over the training set."""


def trial_accuracy(
    workshop: Workshop,
    source: SuiteSource,
    data_config: Document,
    training: LabelledData | None,
    weights: Path | None,
    deploy: Callable[[Artifact], Deployment],
) -> Callable[[Artifact], float] | None:
    """A function that measures the accuracy of one trial (or of fp32) and raises JobFailure; None
    without labelled images or trained weights. What crashes in one trial is left out of the next.

    Trials are judged on images of the training set. The gate judges by the validation set: a search
    with access to it would select settings that pass the gate.
    """
    if training is None or weights is None:
        return None

    crashing: list[str] = []

    def measure(trial: Artifact) -> float:
        deployed = deploy(trial)
        accuracy, crashed = around_crashes(
            replace(deployed, left_out=(*deployed.left_out, *crashing)),
            lambda model: measure_accuracy(
                workshop, source, model, trial.content_hash, data_config, training, TRIAL_IMAGES
            ),
        )
        crashing.extend(crashed)
        return accuracy.value

    return measure
