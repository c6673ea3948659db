"""Compares our accuracy with the suite's own evaluation, on the same model, data and runtime.

``python -m examples.check_metrics seg|det|voc [--runtime NAME]`` makes the example's fp32 and int8
models (or takes them from the store), lets the suite's evaluation call the very predictor that we
measure, and prints both numbers. ``voc`` is the detection example with its annotations rewritten.
All of it happens in the runtime's own Python. Exits 1 if mIoU or VOC's mAP differ by more than
1e-6, or COCO's mAP at all.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zlib  # noqa: F401  before paddle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args

import xmltodict  # type: ignore[import-untyped]

from bench.deployment import deploy
from bench.in_worker.engine import load_model
from bench.in_worker.loaded import LoadedModel
from bench.make import Blueprint, draw_blueprint, make_model, scorer
from bench.single import choose_recipe, single_blueprint
from bot.commands.wiring import open_store, runtimes_root, store_root
from bot.run.demo import make_repository
from compress.artifacts.artifact import Artifact
from compress.checkout import open_checkout
from compress.runtimes.installed import find_runtime
from compress.runtimes.runtime import Runtime
from compress.suites.dialect import Document
from compress.weights.published import open_publisher
from compress.workshop import Workshop
from core.processors import default_threads
from examples.make_data import make_dataset
from examples.scenarios import DEMOS, SuiteName

Kind = Literal["seg", "det", "voc"]
TOLERANCE = {"seg": 1e-6, "det": 0.0, "voc": 1e-6}
"""VOC: the suite scales the annotations with the image and back, in fp32."""
SUITE: dict[Kind, SuiteName] = {"seg": "seg", "det": "det", "voc": "det"}
MODEL = {"seg": "PP-HumanSeg-Lite", "det": "PP-PicoDet-XS"}
AGAIN = (
    "import runpy, sys; sys.path += {packages!r}; sys.argv[1:] = {arguments!r}; "
    "runpy.run_module('examples.check_metrics', run_name='__main__')"
)
"""Program that runs this module in another Python, whose own packages come first."""


def main() -> int:
    """Checks in the runtime's Python, which may be this one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=get_args(Kind))
    parser.add_argument("--runtime", help="name or file of a runtime (default: this environment)")
    arguments = parser.parse_args()
    runtime = find_runtime(arguments.runtime, runtimes_root())
    if runtime.is_own:
        return check_kind(arguments.kind, runtime)
    program = AGAIN.format(packages=sys.path, arguments=sys.argv[1:])
    environment = {**os.environ, **runtime.environment, "PYTHONPATH": str(Path.cwd())}
    return subprocess.run([runtime.python, "-c", program], env=environment, check=False).returncode


def check_kind(kind: Kind, runtime: Runtime) -> int:
    """Prints a line per model, for VOC with either way to integrate; 1 if any differs."""
    changes: list[Document] = [{}]
    if kind == "voc":
        changes = [{**VOC, "map_type": how} for how in ("11point", "integral")]
    here = Path.cwd()
    agreed = []
    for change in changes:
        with tempfile.TemporaryDirectory() as folder:
            agreed.append(check(kind, change, Path(folder), runtime))
            os.chdir(here)
    return 0 if all(agreed) else 1


def check(kind: Kind, change: Document, scratch: Path, runtime: Runtime) -> bool:
    """Prints a line per model, its config changed; returns whether all agree."""
    name = SUITE[kind]
    demo = DEMOS[name]
    data = (store_root(None).parent / "data" / demo.manifest).resolve()
    make_dataset(name, data / "shapes")
    repo = make_repository(demo, scratch / "suite")
    store = open_store(None)
    checkout = open_checkout(demo.manifest, repo, "main", data)
    model = checkout.model(MODEL[name])
    recipe = choose_recipe(checkout, model, None, checkout.manifest.quick)
    assert recipe.parsed is not None
    publisher = open_publisher(store, fetches=False, say=print)
    workshop = Workshop(
        store, scratch, 1800.0, default_threads(), publisher=publisher, runtime=runtime
    )
    blueprint = single_blueprint(checkout, model, recipe, workshop)
    if kind == "voc":
        _rewrite_as_voc(data / "shapes", data / "shapes-voc")
        blueprint = draw_blueprint(
            blueprint.source,
            blueprint.export,
            blueprint.recipe,
            {**blueprint.data_config, **change},
            data,
            blueprint.no_weights,
        )
    fp32 = make_model(replace(blueprint, recipe=None), workshop)
    int8 = make_model(blueprint, workshop)
    os.chdir(scratch)
    os.symlink(data, demo.data_dir)
    agreed = []
    for label, artifact in (("fp32", fp32), ("int8", int8)):
        ours, theirs = _both(kind, artifact, blueprint, workshop)
        agreed.append(abs(ours - theirs) <= TOLERANCE[kind])
        print(
            f"{MODEL[name]} {label} {change.get('map_type', '')}: ours {ours!r}, suite {theirs!r}, "
            f"difference {abs(ours - theirs):.2e}, {'agree' if agreed[-1] else 'DIFFER'}"
        )
    return all(agreed)


def _both(
    kind: Kind, artifact: Artifact, blueprint: Blueprint, workshop: Workshop
) -> tuple[float, float]:
    score = scorer(blueprint, artifact.content_hash, workshop, None)
    assert score is not None
    deployed = deploy(artifact, blueprint.export.input_shape)
    ours = score(deployed)
    from compress.in_worker.suite import load_driver, write_config

    loaded = load_model(deployed.configured(workshop.threads))
    tags = load_driver(blueprint.source.dialect).constructible()
    config = write_config(blueprint.data_config, tags)
    evaluate = {"seg": _paddleseg, "det": _paddledet, "voc": _paddledet_voc}[kind]
    return ours.value, evaluate(loaded, config)


def _paddleseg(engine: LoadedModel, config: Path) -> float:
    """``paddleseg.core.evaluate`` with our predictor in the place of the network."""
    import paddle
    from paddleseg.core import evaluate
    from paddleseg.cvlibs import SegBuilder

    from compress.suites.paddleseg.in_worker.driver import build_config

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


def _paddledet(engine: LoadedModel, config: Path) -> float:
    """``COCOMetric`` of ppdet, fed as its own evaluation loop feeds it, and pycocotools."""
    import numpy as np
    from ppdet.core.workspace import create
    from ppdet.metrics import COCOMetric

    from compress.suites.paddledet.in_worker.driver import load_config_file, read_dataset

    cfg = load_config_file(config)
    dataset = read_dataset(cfg, "EvalDataset")
    loader = create("EvalReader")(dataset, 0, return_list=True)
    categories = {v: k for k, v in dataset.catid2clsid.items()}
    metric = COCOMetric(anno_file=dataset.get_anno(), clsid2catid=categories, IouType="bbox")
    with contextlib.redirect_stdout(io.StringIO()):
        for batch in _once(loader):
            arrays = {key: np.asarray(value) for key, value in batch.items()}
            outputs = engine.run({name: arrays[name].astype(np.float32) for name in engine.feeds()})
            found = {"bbox" if out.ndim > 1 else "bbox_num": out for out in outputs}
            metric.update(arrays, found)
        metric.accumulate()
    return float(metric.get_results()["bbox"][0])


def _paddledet_voc(engine: LoadedModel, config: Path) -> float:
    """``VOCMetric`` of ppdet, fed as its own evaluation loop feeds it."""
    import numpy as np
    from ppdet.core.workspace import create
    from ppdet.metrics import VOCMetric

    from compress.suites.paddledet.in_worker.driver import load_config_file, read_dataset

    cfg = load_config_file(config)
    dataset = read_dataset(cfg, "EvalDataset")
    loader = create("EvalReader")(dataset, 0, return_list=True)
    metric = VOCMetric(dataset.get_label_list(), cfg["num_classes"], map_type=cfg["map_type"])
    for batch in _once(loader):
        feeds = {name: np.asarray(batch[name], np.float32) for name in engine.feeds()}
        outputs = engine.run(feeds)
        metric.update(batch, {"bbox" if out.ndim > 1 else "bbox_num": out for out in outputs})
    metric.accumulate()
    return float(metric.get_results()["bbox"][0])


def _once(loader: Any) -> Iterator[Any]:
    """All batches; at the end of its own iterator, the suite's loader begins to read again."""
    return (next(loader) for _ in range(len(loader)))


VOC: Document = {
    "metric": "VOC",
    "EvalDataset": {
        "name": "VOCDataSet",
        "dataset_dir": "dataset/shapes-voc",
        "anno_path": "val.txt",
        "label_list": "label_list.txt",
        "data_fields": ["image", "gt_bbox", "gt_class", "difficult"],
    },
}


def _rewrite_as_voc(coco: Path, voc: Path) -> None:
    """The validation part in the form of VOC; every seventh object is difficult."""
    truth = json.loads((coco / "annotations" / "instances_val.json").read_text())
    (voc / "Annotations").mkdir(parents=True, exist_ok=True)
    names = {one["id"]: one["name"] for one in truth["categories"]}
    (voc / "label_list.txt").write_text("\n".join(names.values()) + "\n")
    lines = []
    for image in truth["images"]:
        objects = [one for one in truth["annotations"] if one["image_id"] == image["id"]]
        size = {"width": image["width"], "height": image["height"]}
        found = [_voc_object(one, names) for one in objects]
        text = xmltodict.unparse({"annotation": {"size": size, "object": found}})
        name = Path(image["file_name"]).stem
        (voc / "Annotations" / f"{name}.xml").write_text(text)
        shutil.copyfile(coco / "val" / image["file_name"], voc / image["file_name"])
        lines.append(f"{image['file_name']} Annotations/{name}.xml\n")
    (voc / "val.txt").write_text("".join(lines))


def _voc_object(one: Document, names: dict[int, str]) -> Document:
    x, y, width, height = one["bbox"]
    box = {"xmin": x, "ymin": y, "xmax": x + width - 1, "ymax": y + height - 1}
    difficult = int(one["id"] % 7 == 0)
    return {"name": names[one["category_id"]], "difficult": difficult, "bndbox": box}


if __name__ == "__main__":
    sys.exit(main())
