"""Worker: what PaddleSlim's own ACT makes of a model, called as the suites' scripts call it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from core.schema import StrictModel


class ActRequest(StrictModel):
    """Asks for what ACT makes of a model by a recipe's sections; ``shape`` is (N, C, H, W)."""

    model: Path
    sections: dict[str, Any]
    shape: tuple[int, ...]
    out: Path


class ActMade(StrictModel):
    """The answer: the model lies in ``out``."""


def handle(request: ActRequest) -> ActMade:
    """Writes the compressed model to ``request.out``, calibrated on noise. ACT gets a copy: it
    rewrites what it is given. The copy lacks the whole-numbered weights that untrained models have;
    graphs are edited in less time.
    """
    import paddle
    from paddleslim.auto_compression import AutoCompression

    from compress.in_worker.data import synthetic_batches
    from compress.in_worker.graph.fast_editing import install
    from compress.in_worker.graph.program import load_program, read_feed_specs, save_program
    from compress.in_worker.graph.repair import integer_weights, nudge_weights

    paddle.enable_static()
    install()
    place = Path(tempfile.mkdtemp(dir=".")).resolve()
    model, made, out = place / "model", place / "made", request.out
    shutil.copytree(request.model, model)
    loaded = load_program(model)
    nudge_weights(integer_weights(loaded))
    save_program(loaded, model)
    batches = synthetic_batches(read_feed_specs(model), request.shape)
    AutoCompression(
        model_dir=str(model),
        model_filename="model.pdmodel",
        params_filename="model.pdiparams",
        save_dir=str(made),
        config=request.sections,
        train_dataloader=batches.loader,
        deploy_hardware="cpu",
    ).compress()
    newest = max(made.rglob("*.pdmodel"), key=lambda file: file.stat().st_mtime).parent
    for name in ("model.pdmodel", "model.pdiparams"):
        shutil.move(newest / name, out / name)
    return ActMade()
