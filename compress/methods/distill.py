"""Distillation alone, from one teacher or several: the weights change, the graph does not."""

from __future__ import annotations

from compress.methods.base import CompressionJob
from compress.methods.training import distil
from compress.record import Made


class Distillation:
    """ACT's ``Distillation`` or ``MultiTeacherDistillation`` without anything else."""

    def compress(self, job: CompressionJob) -> Made:
        return distil(job)


METHOD = Distillation()
