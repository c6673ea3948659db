"""ASP pruning with distillation: two zeros in every four weights."""

from __future__ import annotations

from compress.artifacts.record import Made
from compress.in_worker.method import CompressionJob
from compress.in_worker.training.distil import distil
from compress.in_worker.training.parameters import require_known


class AspPruning:
    """ACT's ``ASPPrune`` + ``Distillation``."""

    def compress(self, job: CompressionJob) -> Made:
        require_known(job, "ASPPrune")
        return distil(job)


METHOD = AspPruning()
