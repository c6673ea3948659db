"""A row of the survey's table: one model with one recipe on one target, and how far it got."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bench.result import PrecisionProof
from bench.stats import Interval
from compress.worker.process import Usage
from core.finding import Finding
from core.schema import StrictModel


class RowFailure(StrictModel):
    """Where a row ended; ``log_tail`` is untrusted."""

    stage: str
    kind: str
    message: str
    log_tail: str


class SurveyRow(StrictModel):
    """One model with one recipe on one target, None for the one that it is deployed on. ``costs``:
    by stage that was done. ``full_shape`` is the config's own input where ``shape`` was reduced.
    ``accuracy``: of fp32 and compressed, from 0 to 1, where
    there are trained weights and data; ``fake_quantised``: that of the model as it was trained;
    ``chance``: that of ignoring the image.
    """

    schema_: Literal["slimgate.survey/1", "slimgate.coverage/1"] = Field(
        "slimgate.survey/1", alias="schema"
    )
    commit: str
    config: str
    recipe: str
    target: str | None = None
    shape: tuple[int, ...]
    full_shape: tuple[int, ...]
    weights: Literal["trained", "initial"] = "initial"
    data: Literal["suite", "synthetic"] = "synthetic"
    costs: dict[str, Usage] = Field(default_factory=dict)
    size_bytes: tuple[int, int] | None = None
    quantised: tuple[str, ...] = ()
    proof: PrecisionProof | None = None
    latency_ms: tuple[Interval, Interval] | None = None
    speedup: Interval | None = None
    effects: dict[str, tuple[float, float]] = Field(default_factory=dict)
    accuracy: tuple[float, float] | None = None
    fake_quantised: float | None = None
    chance: float = 0.0
    remarks: tuple[str, ...] = ()
    failure: RowFailure | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def id(self) -> tuple[str, str, str, str | None, tuple[int, ...]]:
        """What makes a row another one."""
        return self.commit, self.config, self.recipe, self.target, self.shape


def low_precision_convolutions(row: SurveyRow) -> tuple[int, int]:
    """How many convolutions run in low precision, and how many there are."""
    return row.proof.convolutions if row.proof else (0, 0)
