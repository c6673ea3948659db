"""What candidates are exported to, base against head, as a file among the results."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from bench.candidate import Candidate
from bench.result import Failed
from compress.programs.changes import ProgramChange
from core.quantities import DurationS
from core.schema import StrictModel
from core.texts import FilePath

PROGRAMS = "programs.json"
"""The name of the file; that of a job's result has one more dot."""
MAX_CANDIDATES = 1000


class Compared(StrictModel):
    """The programs of both sides; ``change``: what differs, None if they compute the same."""

    status: Literal["compared"] = "compared"
    config_file: FilePath
    change: ProgramChange | None


class NotCompared(StrictModel):
    """The failures of the sides that could not be exported."""

    status: Literal["failed"] = "failed"
    config_file: FilePath
    failures: Annotated[tuple[Failed, ...], Field(min_length=1, max_length=2)]

    @property
    def only_head(self) -> bool:
        """Whether base can be exported and head cannot."""
        return [failure.side for failure in self.failures] == ["head"]


Comparison = Annotated[Compared | NotCompared, Field(discriminator="status")]


class ProgramsResult(StrictModel):
    """The candidates of a plan on one machine, in the order of the plan."""

    schema_: Literal["slimgate.programs/1"] = Field("slimgate.programs/1", alias="schema")
    base: str
    head: str
    duration_s: DurationS
    candidates: Annotated[tuple[Comparison, ...], Field(max_length=MAX_CANDIDATES)]


def settled_configs(
    candidates: Iterable[Candidate], compared: Iterable[Comparison]
) -> frozenset[str]:
    """The configs of which equal programs leave nothing to measure."""
    settling = {item.config_file for item in candidates if item.settles}
    items = (item for item in compared if isinstance(item, Compared) and item.change is None)
    return frozenset(settling.intersection(item.config_file for item in items))
