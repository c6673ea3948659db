"""What a rule is: one module with a ``RULE``, which explains itself and checks a subject."""

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
"""Earliest first: a rule belongs to the first stage at which what it needs can be known."""


@dataclass(frozen=True)
class Subject:
    """A recipe, and as much around it as is known so far."""

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
        """A section of the recipe, None if it is absent; one without content is empty."""
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
    """A recipe with facts as an example writes them: by the names of a subject's parts."""
    parts = {name: KINDS[name](**values) for name, values in facts.items()}
    return Subject(parse_text(text, "recipe.yaml"), **parts)


@dataclass(frozen=True)
class Problem:
    """``where`` in the recipe; ``message`` says what is wrong with it and what it will do."""

    message: str
    where: Where
    edits: tuple[Edit, ...] = ()


Check = Callable[[Subject], Iterator[Problem]]


@dataclass(frozen=True)
class Example:
    """A recipe that has the defect, the same without it, and what else has to be known."""

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
    """For defects that are met while a file is read, so that no rule gets to see it."""
    return iter(())


def edits_of(*edits: Edit | None) -> tuple[Edit, ...]:
    """The edits, or none at all if one of them cannot be made."""
    return () if None in edits else tuple(edit for edit in edits if edit is not None)
