"""Trains the committed weights of the example suites: ``python -m examples.train MODEL``.

Uses the suites' own training code on a larger training part than the demo makes; needs 30 to
60 minutes per model on two cores and is never part of the demo. The weights land in
``examples/*/weights``, as the suites' ``.pdparams``.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

T = TypeVar("T")

ROOT = Path(__file__).parent
TRAIN_IMAGES = 3000


@dataclass(frozen=True)
class Example:
    """``kind`` is ``seg`` or ``det``; paths are relative to the example suite. ``start``: weights
    that training continues from, None for initial ones.
    """

    kind: str
    suite: str
    config: str
    weights: str
    start: str | None = None


EXAMPLES = {
    "pp_humanseg_lite": Example(
        "seg",
        "segmentation",
        "configs/pp_humanseg_lite/pp_humanseg_lite_shapes_160x160.yml",
        "weights/pp_humanseg_lite_shapes.pdparams",
    ),
    "pp_liteseg": Example(
        "seg",
        "segmentation",
        "configs/pp_liteseg/pp_liteseg_mobilenetv2_shapes_160x160.yml",
        "weights/pp_liteseg_mobilenetv2_shapes.pdparams",
    ),
    "pp_liteseg_320": Example(
        "seg",
        "segmentation",
        "configs/pp_liteseg/pp_liteseg_mobilenetv2_shapes_320x320.yml",
        "weights/pp_liteseg_mobilenetv2_shapes_320.pdparams",
        start="weights/pp_liteseg_mobilenetv2_shapes.pdparams",
    ),
    "picodet_xs": Example(
        "det",
        "detection",
        "configs/picodet/picodet_xs_160_lcnet_shapes.yml",
        "weights/picodet_xs_160_lcnet_shapes.pdparams",
    ),
}


def train(name: str, work: Path) -> Path:
    """Trains the model ``name`` below ``work`` and returns the path of its committed weights."""
    from examples.make_data import make_dataset

    example = EXAMPLES[name]
    suite = ROOT / example.suite
    data = work / ("data" if example.kind == "seg" else "dataset") / "shapes"
    make_dataset(example.kind, data, train=TRAIN_IMAGES)
    shutil.copytree(suite / "configs", work / "configs", dirs_exist_ok=True)
    os.chdir(work)
    start = suite / example.start if example.start else None
    if example.kind == "seg":
        trained = _train_segmentation(example.config, start)
    else:
        trained = _train_detection(example.config)
    target = suite / example.weights
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(trained, target)
    return target


def _train_segmentation(config: str, start: Path | None) -> Path:
    """The suite's builder, losses and evaluation; its loop fails on 0-d losses in 2.8.0."""
    import paddle
    from paddleseg.core.train import loss_computation
    from paddleseg.cvlibs import Config, SegBuilder

    paddle.seed(1)
    np.random.seed(1)
    random.seed(1)
    cfg = Config(config)
    builder = SegBuilder(cfg)
    model, optimizer = builder.model, builder.optimizer
    if start is not None:
        model.set_state_dict(paddle.load(str(start)))
    loader = paddle.io.DataLoader(
        builder.train_dataset, batch_size=cfg.batch_size, shuffle=True, drop_last=True
    )
    batches = itertools.islice(_forever(loader), cfg.iters)
    model.train()
    for step, batch in enumerate(batches, start=1):
        losses = loss_computation(
            logits_list=model(batch["img"]), labels=batch["label"], edges=None, losses=builder.loss
        )
        loss = sum(losses)
        loss.backward()
        optimizer.step()
        optimizer.clear_grad()
        optimizer._learning_rate.step()
        if step % 50 == 0:
            print(f"step {step}/{cfg.iters} loss {float(loss):.4f}", flush=True)
    paddle.save(model.state_dict(), "model.pdparams")
    return Path("model.pdparams")


def _forever(loader: Iterable[T]) -> Iterator[T]:
    while True:
        yield from loader


def _train_detection(config: str) -> Path:
    """The suite's trainer; continues from its last checkpoint after an interruption."""
    import paddle
    from ppdet.core.workspace import load_config
    from ppdet.engine import Trainer

    paddle.seed(1)
    cfg = load_config(config)
    paddle.set_device("cpu")
    trainer = Trainer(cfg, mode="train")
    folder = Path("output") / cfg["filename"]
    checkpoints = [path for path in folder.glob("*.pdparams") if path.stem.isdigit()]
    if checkpoints:
        newest = max(checkpoints, key=lambda path: int(path.stem))
        trainer.resume_weights(str(newest.with_suffix("")))
    trainer.train(validate=True)
    best: Path = folder / "best_model.pdparams"
    return best


if __name__ == "__main__":
    import zlib  # noqa: F401  before paddle: its library exports clashing zlib symbols

    work_dir = Path(sys.argv[2] if len(sys.argv) > 2 else f"output/train-{sys.argv[1]}")
    work_dir.mkdir(parents=True, exist_ok=True)
    print(train(sys.argv[1], work_dir.resolve()))
