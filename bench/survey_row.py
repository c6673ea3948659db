"""A row of the survey's table: one model with one recipe on one target."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bench.proven import PrecisionProof
from bench.stats import Interval
from compress.worker.process import Usage
from core.finding import Finding
from core.quantities import Axis, Fraction, Measure, SomeBytes
from core.schema import StrictModel


class RowFailure(StrictModel):
    """The failure that ended a row; ``log_tail`` is untrusted."""

    stage: str
    kind: str
    message: str
    log_tail: str


class SurveyRow(StrictModel):
    """One model with one recipe on one target (None: the one that it is deployed on by default).

    ``shape``: (N, C, H, W) of the input, possibly reduced; ``full_shape``: the config's own.
    ``costs``: by completed stage. Pairs hold fp32 first, then the compressed model. ``accuracy``:
    from 0 to 1, measured with trained weights and data only; ``fake_quantised``: of the model as it
    was trained, before conversion; ``chance``: of the best answer that ignores the image.
    """

    schema_: Literal["slimgate.survey/1", "slimgate.coverage/1"] = Field(
        "slimgate.survey/1", alias="schema"
    )
    commit: str
    config: str
    recipe: str
    target: str | None = None
    shape: tuple[Axis, ...]
    full_shape: tuple[Axis, ...]
    weights: Literal["trained", "initial"] = "initial"
    data: Literal["suite", "synthetic"] = "synthetic"
    costs: dict[str, Usage] = Field(default_factory=dict)
    size_bytes: tuple[SomeBytes, SomeBytes] | None = None
    quantised: tuple[str, ...] = ()
    proof: PrecisionProof | None = None
    latency_ms: tuple[Interval, Interval] | None = None
    speedup: Interval | None = None
    effects: dict[str, tuple[Measure, Measure]] = Field(default_factory=dict)
    accuracy: tuple[Fraction, Fraction] | None = None
    fake_quantised: Fraction | None = None
    chance: Fraction = 0.0
    remarks: tuple[str, ...] = ()
    failure: RowFailure | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def id(self) -> tuple[str, str, str, str | None, tuple[int, ...]]:
        """What identifies a row."""
        return self.commit, self.config, self.recipe, self.target, self.shape


def low_precision_convolutions(row: SurveyRow) -> tuple[int, int]:
    """How many convolutions run in low precision, and their total; zeros without a proof."""
    return row.proof.convolutions if row.proof else (0, 0)
