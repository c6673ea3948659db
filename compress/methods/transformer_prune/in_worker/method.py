"""Transformer pruning with distillation: removes hidden units of feed-forward blocks."""

from __future__ import annotations

from dataclasses import replace

from compress.artifacts.record import Made, with_remarks
from compress.in_worker.graph.hidden_units import prune_hidden_units
from compress.in_worker.graph.program import load_program, save_program
from compress.in_worker.method import CompressionJob
from compress.in_worker.training.distil import distil


class TransformerPruning:
    """``TransformerPrune`` + ``Distillation``.

    PaddleSlim's own method searches for one sequence of 24 ops, that of BERT's encoder, and ends in
    a KeyError on every transformer of the suites. Attention heads stay.
    """

    def compress(self, job: CompressionJob) -> Made:
        """Raises ValueError if the model has no feed-forward block."""
        loaded = load_program(job.model)
        units = prune_hidden_units(loaded, job.sections["TransformerPrune"]["pruned_ratio"])
        if not units:
            raise ValueError(
                "TransformerPrune found no feed-forward block (two products with a wider layer "
                "between); use ChannelPrune for a network of convolutions"
            )
        save_program(loaded, job.model)
        rest = {
            name: section for name, section in job.sections.items() if name != "TransformerPrune"
        }
        result = distil(replace(job, sections=rest))
        before, after = (sum(numbers) for numbers in zip(*units.values(), strict=True))
        remark = f"{len(units)} feed-forward blocks: {before} hidden units, {after} kept"
        return with_remarks(result, [remark])


METHOD = TransformerPruning()
