"""What is kept next to every artifact: from what it was made, how, and what that cost."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from compress.artifacts.training_log import Curve
from compress.doctor.facts import DataFacts, GraphFacts
from compress.worker.process import Usage
from core.schema import StrictModel

RECORD = "artifact.json"
FAKE_QUANTISED = "fake_quantised"
"""Folder within an artifact that holds the model as it was trained, before conversion."""


Effects = dict[str, tuple[float, float]]


class Made(StrictModel):
    """What a worker says of the model that it made.

    ``quantised``: those of the recipe's op types that carry quantisation ops (other ops may read
    the same quantised tensors). ``nodes``: what was distilled. ``curve``: losses while training.
    ``effects``: what the methods did, counted in the models before and after. ``graph``, ``data``:
    what the doctor wants to know of an export, and of the images that it was compressed with.
    """

    remarks: tuple[str, ...] = ()
    quantised: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    seed: int = 0
    curve: Curve = Curve()
    effects: Effects = Field(default_factory=dict)
    graph: GraphFacts | None = None
    data: DataFacts | None = None


class ArtifactRecord(StrictModel):
    """``artifact.json``. ``inputs`` is all that the content depends on: its hash is the key."""

    schema_: Literal["slimgate.artifact/1"] = Field("slimgate.artifact/1", alias="schema")
    inputs: dict[str, Any]
    made: Made
    usage: Usage


def with_remarks(made: Made, remarks: list[str]) -> Made:
    """The same with more to say, which comes first."""
    return made.model_copy(update={"remarks": (*remarks, *made.remarks)})


def combine_effects(first: Effects, second: Effects) -> Effects:
    """What two steps did together: counted before the first and after the second."""
    later = {name: (first.get(name, pair)[0], pair[1]) for name, pair in second.items()}
    return {**first, **later}
