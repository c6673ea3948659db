"""The steps that a worker reports while it trains, and the curve that is kept of them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from pydantic import Field

from core.quantities import Count, DurationS, Loss
from core.schema import StrictModel


class Step(StrictModel):
    """One reported step. ``doing`` is the phase; ``step`` counts from 1 up to ``steps``; ``losses``
    are by name; ``left_s`` is the time left at the pace so far.
    """

    doing: str = Field(max_length=60)
    step: Count
    steps: Count
    losses: dict[str, Loss] = Field(default_factory=dict)
    left_s: DurationS | None = None

    def __str__(self) -> str:
        """``training 20/100, loss 0.123, 40 s left``."""
        parts = [f"{self.doing} {self.step}/{self.steps}" if self.steps else self.doing]
        parts += [f"{name} {value:.4g}" for name, value in self.losses.items()]
        if self.left_s is not None:
            parts.append(f"{self.left_s:.0f} s left")
        return ", ".join(parts)


class Curve(StrictModel):
    """The losses of a training: ``steps`` are the recorded iterations; ``losses`` by name have one
    value for each of them.
    """

    steps: tuple[Count, ...] = ()
    losses: dict[str, tuple[Loss, ...]] = Field(default_factory=dict)


def curve_of(steps: Sequence[Step]) -> Curve:
    """The reported steps of one training as a curve."""
    names = steps[0].losses if steps else {}
    return Curve(
        steps=tuple(step.step for step in steps),
        losses={name: tuple(step.losses[name] for step in steps) for name in names},
    )


ENDS, FEWEST_STEPS = 0.2, 10
"""The share at either end of a training that is compared, and the fewest steps to compare."""
WORSE, SHOT_UP = 1.5, 5.0
"""A loss is worse at the end if it exceeds its median at the start by the first factor, or its
minimum there by the second: batches differ, and a loss that starts near its optimum fluctuates."""


def fell_into_poor_optimum(losses: Sequence[float]) -> bool:
    """Whether quantisation-aware training ended worse than it began: the median of the last fifth
    of the losses is well above that of the first, or far above the lowest of the first. False for
    too few losses. Not for pruning, whose loss begins at zero and rises with the zeros.
    """
    if len(losses) < FEWEST_STEPS:
        return False
    first, end = losses[: _part(losses)], final_loss(losses)
    rose = end > median(first)  # one easy batch among the first does not count
    return rose and (end > WORSE * median(first) or end > SHOT_UP * min(first))


def lowest_at_first(losses: Sequence[float]) -> float:
    """The lowest loss of the first fifth."""
    return min(losses[: _part(losses)])


def final_loss(losses: Sequence[float]) -> float:
    """The median loss of the last fifth: single batches differ too much."""
    return median(losses[-_part(losses) :])


def _part(losses: Sequence[float]) -> int:
    return max(2, int(len(losses) * ENDS))
