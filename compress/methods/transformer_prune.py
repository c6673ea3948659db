"""Transformer pruning with distillation: attention heads and hidden units are removed."""

from __future__ import annotations

from compress.methods.base import CompressionJob
from compress.methods.training import distil
from compress.record import Made


class TransformerPrune:
    """ACT's ``TransformerPrune`` + ``Distillation``."""

    def compress(self, job: CompressionJob) -> Made:
        """PaddleSlim finds encoders by their ops and fails on others with a KeyError."""
        try:
            return distil(job)
        except KeyError as error:
            raise ValueError(
                "TransformerPrune knows plain encoders only (multi-head attention of 24 ops); this "
                f"model's blocks are others (PaddleSlim misses {error})"
            ) from error


METHOD = TransformerPrune()
