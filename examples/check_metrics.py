"""Compares our accuracy with the suite's own evaluation, on the same model, data and runtime.

``python -m examples.check_metrics seg|det`` makes the example's fp32 and int8 models (or takes
them from the store), lets the suite's evaluation call the very predictor that we measure, and
prints both numbers. Exits 1 if mIoU differs by more than 1e-6, or mAP at all.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
import zlib  # noqa: F401  before paddle
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.accuracy import ValidationData, measure_accuracy
from bench.engine import Engine, EngineOptions, load_engine
from bench.targets import target_for
from bench.timing import TimedModel
from bot.checkout import open_checkout
from bot.demo import make_repository
from bot.pipeline import open_publisher
from bot.single import Single, choose_recipe, make_single, resolve_single
from compress.artifacts import Artifact, Workshop, default_threads
from compress.recipes.inference_ops import inference_op_types
from compress.source import find_index
from compress.store import Store, default_root
from compress.suites import find_dialect
from examples.make_data import make_dataset
from examples.scenarios import DEMOS, SuiteName

TOLERANCE = {"seg": 1e-6, "det": 0.0}
MODEL = {"seg": "PP-HumanSeg-Lite", "det": "PP-PicoDet-XS"}


def check(name: SuiteName, scratch: Path) -> bool:
    """Prints a line per model; returns whether all agree."""
    demo = DEMOS[name]
    data = (default_root().parent / "data" / demo.manifest).resolve()
    make_dataset(name, data / "shapes")
    repo = make_repository(demo, scratch / "suite")
    store = Store(default_root())
    checkout = open_checkout(demo.manifest, repo, "main", data)
    model = checkout.model(MODEL[name])
    recipe = choose_recipe(checkout, model, None, checkout.manifest.quick)
    assert recipe.parsed is not None
    publisher = open_publisher(store, fetches=False, say=print)
    made = resolve_single(checkout, model, recipe, store, publisher)
    assert made.data is not None
    workshop = Workshop(store, scratch, 1800.0, default_threads())
    fp32 = make_single(replace(made, recipe=None), workshop, lambda _: None)
    int8 = make_single(made, workshop, lambda _: None)
    os.chdir(scratch)
    os.symlink(data, demo.data_dir)
    agreed = []
    for label, artifact, op_types in (("fp32", fp32, ()), ("int8", int8, recipe.parsed.op_types)):
        ours, theirs = _both(name, artifact, tuple(inference_op_types(op_types)), made, workshop)
        agreed.append(abs(ours - theirs) <= TOLERANCE[name])
        print(
            f"{MODEL[name]} {label}: ours {ours!r}, suite {theirs!r}, "
            f"difference {abs(ours - theirs):.2e}, {'agree' if agreed[-1] else 'DIFFER'}"
        )
    return all(agreed)


def _both(
    name: SuiteName, artifact: Artifact, op_types: tuple[str, ...], made: Single, workshop: Workshop
) -> tuple[float, float]:
    target = target_for(bool(op_types))
    timed = TimedModel(artifact.folder, target, op_types, (), made.export.input_shape)
    place = find_dialect(made.source.dialect).evaluation_data(made.data_config)
    index = find_index(place, made.source.data_dir, made.source.data)
    assert made.data is not None
    validation = ValidationData(made.data[-1], index)
    ours = measure_accuracy(
        workshop, made.source, timed, artifact, made.data_config, validation, None
    )
    from compress.workers.suite import write_config

    engine = load_engine(artifact.folder, EngineOptions(target.name, workshop.threads, op_types))
    config = write_config(made.data_config)
    evaluate = {"seg": _paddleseg, "det": _paddledet}[name]
    return ours.value, evaluate(engine, config)


def _paddleseg(engine: Engine, config: Path) -> float:
    """``paddleseg.core.evaluate`` with our predictor in the place of the network."""
    import paddle
    from paddleseg.core import evaluate
    from paddleseg.cvlibs import SegBuilder

    from compress.suites.paddleseg.driver import build_config

    concat = paddle.concat

    def concat_or_stack(x: Any, axis: int = 0, name: Any = None) -> Any:
        """2.8.0 joins 0-d sums with concat, which Paddle 2.6 refuses; its successor stacks."""
        return paddle.stack(x) if x[0].ndim == 0 else concat(x, axis, name)

    class Predictor(paddle.nn.Layer):  # type: ignore[misc]
        def forward(self, image: Any) -> list[Any]:
            outputs = engine.run({engine.feeds()[0]: image.numpy()})
            return [paddle.to_tensor(outputs[0])]

    paddle.concat = concat_or_stack
    try:
        dataset = SegBuilder(build_config(config)).val_dataset
        return float(evaluate(Predictor(), dataset, print_detail=False)[0])
    finally:
        paddle.concat = concat


def _paddledet(engine: Engine, config: Path) -> float:
    """``COCOMetric`` of ppdet, fed as its own evaluation loop feeds it, and pycocotools."""
    import numpy as np
    from ppdet.core.workspace import create
    from ppdet.metrics import COCOMetric

    from compress.suites.paddledet.driver import load_config_file, read_dataset

    cfg = load_config_file(config)
    dataset = read_dataset(cfg, "EvalDataset")
    loader = create("EvalReader")(dataset, 0, return_list=True)
    categories = {v: k for k, v in dataset.catid2clsid.items()}
    metric = COCOMetric(anno_file=dataset.get_anno(), clsid2catid=categories, IouType="bbox")
    with contextlib.redirect_stdout(io.StringIO()):
        for batch in loader:
            arrays = {key: np.asarray(value) for key, value in batch.items()}
            outputs = engine.run({name: arrays[name].astype(np.float32) for name in engine.feeds()})
            found = {"bbox" if out.ndim > 1 else "bbox_num": out for out in outputs}
            metric.update(arrays, found)
        metric.accumulate()
    return float(metric.get_results()["bbox"][0])


if __name__ == "__main__":
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        here = Path.cwd()
        results[sys.argv[1]] = check(sys.argv[1], Path(folder))  # type: ignore[arg-type]
        os.chdir(here)
    print(json.dumps(results))
    sys.exit(0 if all(results.values()) else 1)
