"""Quantisation-aware training with distillation from the uncompressed model (ACT)."""

from __future__ import annotations

from dataclasses import replace

from compress.artifacts.record import Made, with_remarks
from compress.in_worker.graph.skipping import mark_skipped
from compress.in_worker.method import CompressionJob
from compress.in_worker.training.distil import distil


class QuantisationAwareTraining:
    """ACT's ``QuantAware`` + ``Distillation``."""

    def compress(self, job: CompressionJob) -> Made:
        section, skipped = mark_skipped(job, job.sections["QuantAware"])
        job = replace(job, sections={**job.sections, "QuantAware": section})
        return with_remarks(distil(job), skipped)


METHOD = QuantisationAwareTraining()
