"""Distillation alone, from one teacher or several: changes weights, not the graph."""

from __future__ import annotations

from compress.artifacts.record import Made
from compress.in_worker.method import CompressionJob
from compress.in_worker.training.distil import distil


class DistillationAlone:
    """ACT's ``Distillation`` or ``MultiTeacherDistillation`` without anything else."""

    def compress(self, job: CompressionJob) -> Made:
        return distil(job)


METHOD = DistillationAlone()
