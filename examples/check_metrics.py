"""Compares our accuracy with the suite's own evaluation, on the same model, data and runtime.

``python -m examples.check_metrics seg|det|voc`` makes the example's fp32 and int8 models (or takes
them from the store), lets the suite's evaluation call the very predictor that we measure, and
prints both numbers. ``voc`` is the detection example with its annotations rewritten. Exits 1 if
mIoU or VOC's mAP differ by more than 1e-6, or COCO's mAP at all.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import zlib  # noqa: F401  before paddle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import xmltodict  # type: ignore[import-untyped]

from bench.accuracy import measure_accuracy
from bench.engine import Engine, EngineOptions, load_engine
from bench.predictions import LabelledData
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
from compress.suites.base import Document
from examples.make_data import make_dataset
from examples.scenarios import DEMOS, SuiteName

Kind = Literal["seg", "det", "voc"]
TOLERANCE = {"seg": 1e-6, "det": 0.0, "voc": 1e-6}
"""VOC: the suite scales the annotations with the image and back, in fp32."""
SUITE: dict[Kind, SuiteName] = {"seg": "seg", "det": "det", "voc": "det"}
MODEL = {"seg": "PP-HumanSeg-Lite", "det": "PP-PicoDet-XS"}


def main(kind: Kind) -> int:
    """Prints a line per model, for VOC with either way to integrate; 1 if any differs."""
    changes: list[Document] = [{}]
    if kind == "voc":
        changes = [{**VOC, "map_type": how} for how in ("11point", "integral")]
    here = Path.cwd()
    agreed = []
    for change in changes:
        with tempfile.TemporaryDirectory() as folder:
            agreed.append(check(kind, change, Path(folder)))
            os.chdir(here)
    return 0 if all(agreed) else 1


def check(kind: Kind, change: Document, scratch: Path) -> bool:
    """Prints a line per model, its config changed; returns whether all agree."""
    name = SUITE[kind]
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
    if kind == "voc":
        _rewrite_as_voc(data / "shapes", data / "shapes-voc")
        made = replace(
            made,
            data_config={**made.data_config, **change},
            data=(*made.data[:-1], data / "shapes-voc"),
        )
    workshop = Workshop(store, scratch, 1800.0, default_threads())
    fp32 = make_single(replace(made, recipe=None), workshop, lambda _: None)
    int8 = make_single(made, workshop, lambda _: None)
    os.chdir(scratch)
    os.symlink(data, demo.data_dir)
    agreed = []
    for label, artifact, op_types in (("fp32", fp32, ()), ("int8", int8, recipe.parsed.op_types)):
        ours, theirs = _both(kind, artifact, tuple(inference_op_types(op_types)), made, workshop)
        agreed.append(abs(ours - theirs) <= TOLERANCE[kind])
        print(
            f"{MODEL[name]} {label} {change.get('map_type', '')}: ours {ours!r}, suite {theirs!r}, "
            f"difference {abs(ours - theirs):.2e}, {'agree' if agreed[-1] else 'DIFFER'}"
        )
    return all(agreed)


def _both(
    kind: Kind, artifact: Artifact, op_types: tuple[str, ...], made: Single, workshop: Workshop
) -> tuple[float, float]:
    target = target_for(bool(op_types))
    timed = TimedModel(artifact.folder, target, op_types, (), made.export.input_shape)
    place = find_dialect(made.source.dialect).evaluation_data(made.data_config)
    index = find_index(place, made.source.data_dir, made.source.data)
    assert made.data is not None
    validation = LabelledData(made.data[-1], index)
    ours = measure_accuracy(
        workshop, made.source, timed, artifact, made.data_config, validation, None
    )
    from compress.workers.suite import write_config

    engine = load_engine(artifact.folder, EngineOptions(target.name, workshop.threads, op_types))
    config = write_config(made.data_config)
    evaluate = {"seg": _paddleseg, "det": _paddledet, "voc": _paddledet_voc}[kind]
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
        for batch in _once(loader):
            arrays = {key: np.asarray(value) for key, value in batch.items()}
            outputs = engine.run({name: arrays[name].astype(np.float32) for name in engine.feeds()})
            found = {"bbox" if out.ndim > 1 else "bbox_num": out for out in outputs}
            metric.update(arrays, found)
        metric.accumulate()
    return float(metric.get_results()["bbox"][0])


def _paddledet_voc(engine: Engine, config: Path) -> float:
    """``VOCMetric`` of ppdet, fed as its own evaluation loop feeds it."""
    import numpy as np
    from ppdet.core.workspace import create
    from ppdet.metrics import VOCMetric

    from compress.suites.paddledet.driver import load_config_file, read_dataset

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
    sys.exit(main(sys.argv[1]))  # type: ignore[arg-type]
