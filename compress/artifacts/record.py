"""The record beside every artifact: its inputs, the worker's report and the cost."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from compress.artifacts.training_log import Curve
from compress.doctor.facts import DataFacts, GraphFacts
from compress.worker.process import Usage
from core.quantities import Measure, Seed
from core.schema import StrictModel

RECORD = "artifact.json"
FAKE_QUANTISED = "fake_quantised"
"""Folder in an artifact that holds the model as it was trained, before conversion."""


MAX_MISFIT = 1000
"""Characters of the text that says which weights do not fit."""
Effects = dict[str, tuple[Measure, Measure]]


class Made(StrictModel):
    """A worker's report on the model that it made.

    ``quantised``: the op types of the recipe whose inputs carry quantisation ops (other ops may
    read the same quantised tensors). ``nodes``: the distilled nodes. ``curve``: losses while
    training. ``effects``: what the methods did, counted in the models before and after. ``graph``,
    ``data``: the facts that the doctor's rules need of an export, and of the images with which a
    model was compressed. ``weights_misfit``: how the trained weights of an export differ from its
    network, in words; empty if they fit.
    """

    remarks: tuple[str, ...] = ()
    quantised: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    seed: Seed = 0
    curve: Curve = Curve()
    effects: Effects = Field(default_factory=dict)
    graph: GraphFacts | None = None
    data: DataFacts | None = None
    weights_misfit: str = Field("", max_length=MAX_MISFIT)


class ArtifactRecord(StrictModel):
    """``artifact.json``. ``inputs`` is all that the content depends on; its hash is the key."""

    schema_: Literal["slimgate.artifact/1"] = Field("slimgate.artifact/1", alias="schema")
    inputs: dict[str, Any]
    made: Made
    usage: Usage


def with_remarks(report: Made, remarks: list[str]) -> Made:
    """The report with further remarks before its own."""
    return report.model_copy(update={"remarks": (*remarks, *report.remarks)})


def combine_effects(first: Effects, second: Effects) -> Effects:
    """The effects of two steps together: counts before the first and after the second."""
    later = {name: (first.get(name, pair)[0], pair[1]) for name, pair in second.items()}
    return {**first, **later}
