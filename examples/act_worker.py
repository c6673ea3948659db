"""Worker: what PaddleSlim's own ACT makes of a model, called as the suites' scripts call it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import paddle
from paddleslim.auto_compression import AutoCompression

from compress.graph.fast_editing import install
from compress.graph.program import load_program, read_feed_specs, save_program
from compress.graph.repair import integer_weights, nudge_weights
from compress.workers.data import synthetic_batches


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``model``, ``sections`` (the recipe), ``shape`` (N, C, H, W), ``out`` → the compressed model
    in ``out``, calibrated on noise. ACT gets a copy, since it rewrites what it is given, without
    the whole-numbered weights that only untrained models have; graphs are edited in less time.
    """
    paddle.enable_static()
    install()
    place = Path(tempfile.mkdtemp(dir=".")).resolve()
    model, made, out = place / "model", place / "made", Path(request["out"])
    shutil.copytree(request["model"], model)
    loaded = load_program(model)
    nudge_weights(integer_weights(loaded))
    save_program(loaded, model)
    batches = synthetic_batches(read_feed_specs(model), request["shape"])
    AutoCompression(
        model_dir=str(model),
        model_filename="model.pdmodel",
        params_filename="model.pdiparams",
        save_dir=str(made),
        config=request["sections"],
        train_dataloader=batches.loader,
        deploy_hardware="cpu",
    ).compress()
    newest = max(made.rglob("*.pdmodel"), key=lambda file: file.stat().st_mtime).parent
    for name in ("model.pdmodel", "model.pdiparams"):
        shutil.move(newest / name, out / name)
    return {}
