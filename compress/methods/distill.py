"""Distillation alone, from one teacher or several: the weights change, the graph does not."""

from __future__ import annotations

from compress.methods.base import CompressionJob
from compress.methods.nodes import with_known_nodes
from compress.methods.training import distil
from compress.record import Made, with_remarks


class Distillation:
    """ACT's ``Distillation`` or ``MultiTeacherDistillation`` without anything else."""

    def compress(self, job: CompressionJob) -> Made:
        job, remarks = with_known_nodes(job)
        return with_remarks(distil(job), remarks)


METHOD = Distillation()
