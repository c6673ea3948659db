"""Unstructured sparsity with distillation: single weights become zero, by share, by threshold or
gradually (GMP).
"""

from __future__ import annotations

from compress.methods.base import CompressionJob
from compress.methods.nodes import with_known_nodes
from compress.methods.training import distil
from compress.record import Made, with_remarks


class UnstructurePrune:
    """ACT's ``UnstructurePrune`` + ``Distillation``."""

    def compress(self, job: CompressionJob) -> Made:
        job, remarks = with_known_nodes(job)
        return with_remarks(distil(job), remarks)


METHOD = UnstructurePrune()
