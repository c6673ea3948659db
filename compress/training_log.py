"""What a worker tells of its training while it trains, and what is kept of it."""

from __future__ import annotations

from pydantic import Field

from compress.schema import StrictModel


class Step(StrictModel):
    """One reported step. ``doing`` names the phase; ``step`` counts from 1 up to ``steps``;
    ``losses`` by name; ``left_s`` is the time left at the pace so far.
    """

    doing: str = Field(max_length=60)
    step: int = Field(ge=0)
    steps: int = Field(ge=0)
    losses: dict[str, float] = Field(default_factory=dict)
    left_s: float | None = Field(None, ge=0)

    def __str__(self) -> str:
        """``training 20/100, loss 0.123, 40 s left``."""
        parts = [f"{self.doing} {self.step}/{self.steps}" if self.steps else self.doing]
        parts += [f"{name} {value:.4g}" for name, value in self.losses.items()]
        if self.left_s is not None:
            parts.append(f"{self.left_s:.0f} s left")
        return ", ".join(parts)
