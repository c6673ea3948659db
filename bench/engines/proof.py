"""How the precision that a model runs in is proven: what to look for in the optimised program."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.schema import StrictModel


class MarkedOps(StrictModel):
    """Ops of the optimised program that run in the precision have ``value`` as ``attribute``."""

    by: Literal["marks"] = "marks"
    attribute: str
    value: str


class ConvertedOps(StrictModel):
    """Ops of the optimised program that run in the precision write variables of ``dtype``."""

    by: Literal["types"] = "types"
    dtype: Literal["FP16"] = "FP16"


class TensorRtOps(StrictModel):
    """Ops inside TensorRT's engines run in the precision if the engine allows it and, for int8, if
    they have ranges; TensorRT's own description of its layers says which of them really did.
    """

    by: Literal["tensorrt"] = "tensorrt"
    precision: Literal["fp16", "int8"]


class ExecutedLayers(StrictModel):
    """Layers of OpenVINO's compiled model that run in the precision have one of ``types`` as their
    ``runtimePrecision``.
    """

    by: Literal["layers"] = "layers"
    types: tuple[str, ...]


PaddleProof = MarkedOps | ConvertedOps | TensorRtOps
"""What Paddle's optimised program shows."""
ProofOf = Annotated[PaddleProof | ExecutedLayers, Field(discriminator="by")]
