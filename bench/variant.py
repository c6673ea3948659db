"""A variant: one side of a change with one recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["base", "head"]
FP32 = "fp32"
"""The empty recipe: the model as it was exported."""


@dataclass(frozen=True, order=True)
class Variant:
    """``recipe``: the name of the case's recipe, or ``fp32``."""

    side: Side
    recipe: str

    def __str__(self) -> str:
        """``head fp32``: its name in results and reports."""
        return f"{self.side} {self.recipe}"

    @property
    def fp32(self) -> Variant:
        """The uncompressed variant of the same side."""
        return Variant(self.side, FP32)
