"""Transformer pruning with distillation: attention heads and hidden units are removed."""

from __future__ import annotations

from compress.methods.base import CompressionJob
from compress.methods.nodes import with_known_nodes
from compress.methods.training import distil
from compress.record import Made, with_remarks


class TransformerPrune:
    """ACT's ``TransformerPrune`` + ``Distillation``."""

    def compress(self, job: CompressionJob) -> Made:
        job, remarks = with_known_nodes(job)
        return with_remarks(distil(job), remarks)


METHOD = TransformerPrune()
