"""Runs PaddleSlim's ACT with a recipe that is known to be good, and keeps only its model."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from compress.methods.base import CompressionJob


def run_act(job: CompressionJob, sections: dict[str, Any]) -> None:
    """Compresses ``job.model`` into ``job.out``.

    No evaluation callback is passed: the weights of the last iteration are kept. Choosing the
    best iteration on the validation set, as the suites' scripts do, would bias the very
    accuracy that the gate then judges.
    """
    from paddleslim.auto_compression import AutoCompression

    save_dir = Path("act")
    compressor = AutoCompression(
        model_dir=str(job.model),
        model_filename="model.pdmodel",
        params_filename="model.pdiparams",
        save_dir=str(save_dir),
        config=sections,
        train_dataloader=job.batches.loader,
        eval_dataloader=job.batches.loader,
        deploy_hardware=None,
    )
    compressor.compress()
    for name in ("model.pdmodel", "model.pdiparams"):
        shutil.copyfile(save_dir / name, job.out / name)
