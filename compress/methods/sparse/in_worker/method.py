"""Unstructured sparsity with distillation: sets single weights to zero, by ratio, by threshold or
gradually (GMP).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compress.artifacts.record import Made
from compress.in_worker.method import CompressionJob
from compress.in_worker.training.distil import count_iterations, distil

PRUNING, INITIAL_RATIO, MOST_STEPS, LEAST_PACE = 0.6, 0.15, 100, 10


class UnstructuredPruning:
    """ACT's ``UnstructurePrune`` + ``Distillation``."""

    def compress(self, job: CompressionJob) -> Made:
        section = job.sections["UnstructurePrune"]
        if section.get("prune_strategy") == "gmp" and "gmp_config" not in section:
            training = job.sections["TrainConfig"]
            total = count_iterations(
                training.get("epochs"), training.get("train_iter"), job.batches.length
            )
            section = {**section, "gmp_config": schedule(total)}
            job = replace(job, sections={**job.sections, "UnstructurePrune": section})
        return distil(job)


def schedule(total: int) -> dict[str, Any]:
    """A GMP schedule for ``total`` iterations: three fifths to prune, the rest to recover.

    ACT counts a pass through the data for its own schedule and takes at least 30 iterations for
    either part, so that a short training never reaches the ratio. PaddleSlim needs more than ten
    iterations for each step of the ratio; raises ValueError for fewer.
    """
    pruning = int(total * PRUNING)
    if pruning <= LEAST_PACE:
        fewest = int((LEAST_PACE + 1) / PRUNING) + 1
        raise ValueError(f"gradual pruning needs at least {fewest} iterations, not {total}")
    return {
        "stable_iterations": 0,
        "pruning_iterations": pruning,
        "tunning_iterations": total - pruning,
        "resume_iteration": -1,
        "pruning_steps": max(1, min(MOST_STEPS, pruning // (LEAST_PACE + 1))),
        "initial_ratio": INITIAL_RATIO,
    }


METHOD = UnstructuredPruning()
