"""The form of a rule: a module with a ``RULE``, which explains a defect and finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from compress.doctor.facts import (
    DataFacts,
    FailureFacts,
    GraphFacts,
    ResultFacts,
    TargetFacts,
    Versions,
)
from compress.doctor.text import Where, YamlText, parse_text
from core.finding import Edit, Severity

Stage = Literal["text", "graph", "target", "data", "result", "failure"]
QUANTISING = frozenset({"QuantAware", "QuantPost"})
STAGES: tuple[Stage, ...] = ("text", "graph", "target", "data", "result", "failure")
"""Earliest first. A rule belongs to the first stage that supplies all the facts it needs."""


@dataclass(frozen=True)
class Subject:
    """A recipe and the facts about its surroundings that are known so far."""

    recipe: YamlText
    graph: GraphFacts | None = None
    target: TargetFacts | None = None
    data: DataFacts | None = None
    result: ResultFacts | None = None
    failure: FailureFacts | None = None
    versions: Versions | None = None

    @property
    def quantises(self) -> bool:
        """Whether the recipe asks for a quantised model."""
        return not QUANTISING.isdisjoint(self.recipe.data)

    def section(self, name: str) -> dict[str, Any] | None:
        """A section of the recipe, None if it is absent, empty if it has no content."""
        if name not in self.recipe.data:
            return None
        value = self.recipe.data[name]
        return value if isinstance(value, dict) else {}


KINDS: dict[str, Callable[..., Any]] = {
    "graph": GraphFacts,
    "target": TargetFacts,
    "data": DataFacts,
    "result": ResultFacts,
    "failure": FailureFacts,
    "versions": Versions,
}


def subject_of(text: str, facts: dict[str, Any]) -> Subject:
    """The subject of a recipe's text and an example's facts, by the names of its parts."""
    parts = {name: KINDS[name](**values) for name, values in facts.items()}
    return Subject(parse_text(text, "recipe.yaml"), **parts)


@dataclass(frozen=True)
class Problem:
    """``where`` is the culprit's path in the recipe, empty for the whole recipe; ``message`` says
    what is wrong and what will happen.
    """

    message: str
    where: Where
    edits: tuple[Edit, ...] = ()


Check = Callable[[Subject], Iterator[Problem]]


@dataclass(frozen=True)
class Example:
    """``bad`` is a recipe with the defect, ``good`` the same without it. Facts complete them to
    subjects; without ``good_facts`` the good recipe is checked with ``bad_facts``.
    """

    bad: str
    good: str
    bad_facts: dict[str, Any] = field(default_factory=dict)
    good_facts: dict[str, Any] | None = None


@dataclass(frozen=True)
class Rule:
    """``why`` says what the defect costs, with the figure and its source; ``remedy`` what to do."""

    code: str
    name: str
    severity: Severity
    stage: Stage
    title: str
    why: str
    remedy: str
    check: Check
    example: Example


def found_by_reader(_: Subject) -> Iterator[Problem]:
    """The check of a defect that stops the reading of a file: yields nothing."""
    return iter(())


def edits_of(*edits: Edit | None) -> tuple[Edit, ...]:
    """All edits, or none of them if one is None: it cannot be made."""
    return () if None in edits else tuple(edit for edit in edits if edit is not None)
