"""Quantisation-aware training with distillation from the uncompressed model (ACT)."""

from __future__ import annotations

from dataclasses import replace

from compress.methods.base import CompressionJob
from compress.methods.skipping import mark_skipped
from compress.methods.training import distil
from compress.record import Made, with_remarks


class QuantAware:
    """ACT's ``QuantAware`` + ``Distillation``."""

    def compress(self, job: CompressionJob) -> Made:
        section, skipped = mark_skipped(job, job.sections["QuantAware"])
        job = replace(job, sections={**job.sections, "QuantAware": section})
        return with_remarks(distil(job), skipped)


METHOD = QuantAware()
