"""ASP pruning with distillation: two zeros in every four weights."""

from __future__ import annotations

from compress.methods.base import CompressionJob
from compress.methods.parameters import require_known
from compress.methods.training import distil
from compress.record import Made


class ASPPrune:
    """ACT's ``ASPPrune`` + ``Distillation``."""

    def compress(self, job: CompressionJob) -> Made:
        require_known(job, "ASPPrune")
        return distil(job)


METHOD = ASPPrune()
