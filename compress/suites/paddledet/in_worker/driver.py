"""Exports models and reads data with PaddleDetection's own code. Workers only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from compress.suites.dialect import Split
from compress.suites.driver import Feed, Fill, Run, Sample, TrainingData, spread
from compress.suites.paddledet.classes import require_categories, require_classes
from compress.suites.paddledet.dialect import DATASETS

METRICS = ("COCO", "VOC")
FEEDS = ("image", "im_shape", "scale_factor")
CALLING = frozenset({"Callable"})
"""Tags whose objects call what the config names."""


class PaddleDetDriver:
    """See ``compress.suites.driver.Driver``."""

    def constructible(self) -> frozenset[str]:
        """``Callable`` calls any function by its name."""
        import ppdet.engine  # noqa: F401  registers every module under its name
        import yaml

        tags = (tag for tag in yaml.Loader.yaml_constructors if isinstance(tag, str))
        names = frozenset(tag[1:] for tag in tags if tag.startswith("!"))
        return frozenset(filter(str.isidentifier, names)) - CALLING

    def export(
        self, config: Path, fill: Fill, shape: Sequence[int], output_op: str, out: Path
    ) -> list[str]:
        """Exports as the suite's ``Trainer.export`` does; ``output_op`` has no meaning here."""
        del output_op
        from ppdet.engine import Trainer

        cfg = load_config_file(config)
        cfg.use_gpu = False
        fix_size(cfg, shape)
        trainer = Trainer(cfg, mode="test")
        fill(trainer.model)
        trainer.export(str(out / "suite"))
        exported = next((out / "suite").iterdir())
        for name in ("model.pdmodel", "model.pdiparams", "infer_cfg.yml"):
            shutil.move(exported / name, out / name)
        shutil.rmtree(out / "suite")
        return []

    def training_data(self, config: Path) -> TrainingData:
        """The training images with the evaluation's preprocessing and batch size, as in the
        suite's ``deploy/auto_compression/run_det.py``.
        """
        from ppdet.core.workspace import create

        cfg = load_config_file(config)
        reader = create("EvalReader")(read_dataset(cfg, DATASETS["training"]), 0, return_list=True)

        def collate(samples: list[Any]) -> Feed:
            batch = reader._batch_transforms(samples)
            return {key: np.asarray(batch[key], np.float32) for key in FEEDS if key in batch}

        return TrainingData(reader.dataset, int(cfg["EvalReader"].get("batch_size", 1)), collate)

    def validation(
        self, config: Path, limit: int | None, split: Split = "evaluation"
    ) -> DetectionValidation:
        cfg = load_config_file(config)
        if cfg.get("metric") not in METRICS:
            raise NotImplementedError(
                f"no evaluator for metric {cfg.get('metric')!r}, only for {', '.join(METRICS)}"
            )
        judged: set[str] = set()
        if split == "training":
            evaluation = read_dataset(cfg, DATASETS["evaluation"])
            evaluation.parse_dataset()
            judged = {os.path.normpath(record["im_file"]) for record in evaluation.roidbs}
        dataset = read_dataset(cfg, DATASETS[split])
        return DetectionValidation(dataset, limit, judged, int(cfg.get("num_classes") or 0))


DRIVER = PaddleDetDriver()


def fix_size(cfg: Any, shape: Sequence[int]) -> None:
    """Sets the shape (N, C, H, W) of the export's input, -1 where it is free: in the readers, and
    as the size for which heads compute anchors in advance (``eval_size``; None if it is free).
    """
    for reader in ("TestReader", "TestMOTReader"):
        if reader == "TestReader" or reader in cfg:
            section = cfg.setdefault(reader, {})
            inputs = section.get("inputs_def") or {}
            section["inputs_def"] = {**inputs, "image_shape": list(shape[1:])}
    if cfg.get("eval_size"):
        cfg["eval_size"] = None if -1 in shape else list(shape[2:])


def load_config_file(config: Path) -> Any:
    """The suite's config, with every module of the suite registered."""
    import ppdet.engine  # noqa: F401  registers every module under its name
    from ppdet.core.workspace import load_config

    return load_config(str(config))


def read_dataset(cfg: Any, key: str) -> Any:
    """A data set given either by ``name:`` or as a tagged object (``!COCODataSet``)."""
    from ppdet.core.workspace import create

    dataset = cfg[key]
    return dataset if hasattr(dataset, "parse_dataset") else create(key)()


class DetectionValidation:
    """A data set with COCO or VOC annotations, read as the suite's evaluation reads it; the suite's
    code decodes boxes. VOC's categories are the numbers of its classes.
    """

    task: Literal["detection"] = "detection"

    def __init__(
        self, dataset: Any, limit: int | None, without: Collection[str], classes: int
    ) -> None:
        from ppdet.core.workspace import create

        self.dataset, self.classes = dataset, classes
        sampler = _OneByOne(dataset, limit, without)
        self.loader = create("EvalReader")(dataset, 0, batch_sampler=sampler, return_list=True)
        self.coco = hasattr(dataset, "catid2clsid")
        numbers = dataset.catid2clsid if self.coco else {v: v for v in dataset.cname2cid.values()}
        self.categories = {v: k for k, v in numbers.items()}
        self.indices = sampler.choose()

    def __len__(self) -> int:
        return len(self.indices)

    def __iter__(self) -> Iterator[Sample]:
        """The samples in the data set's order, once; the suite's loader would start over."""
        for index in self.indices:
            batch = next(self.loader)
            feeds = {k: np.asarray(v).astype(np.float32) for k, v in batch.items() if k in FEEDS}
            record = self.dataset.roidbs[index]
            yield Sample(record["im_file"], feeds, self._number(index, record), None)

    def _number(self, index: int, record: Any) -> int:
        """The image's id for COCO; its index for VOC, whose ids need not be unique."""
        return int(record["im_id"][0]) if self.coco else index

    def predict(self, run: Run, sample: Sample) -> list[dict[str, Any]]:
        return self.decode(run(sample.feeds), sample)

    def decode(self, outputs: Sequence[npt.NDArray[Any]], sample: Sample) -> list[dict[str, Any]]:
        """COCO results: ``image_id``, ``category_id``, ``bbox`` (x, y, w, h; pixels), ``score``."""
        from ppdet.metrics.coco_utils import get_infer_results

        boxes = next((out for out in outputs if out.ndim == 2), None)
        if boxes is None:
            raise ValueError("a model exported without NMS (export.nms) yields no boxes to judge")
        counts = next((out for out in outputs if out.ndim == 1), np.array([len(boxes)]))
        detections = {"bbox": boxes, "bbox_num": counts, "im_id": np.array([[sample.truth]])}
        require_categories(boxes[:, 0], len(self.categories), self.classes, self._source())
        results: list[dict[str, Any]] = get_infer_results(detections, self.categories)["bbox"]
        return results

    def _source(self) -> str:
        """The file that numbers the classes, as far as the data set names one."""
        return str(self.dataset.get_anno() if self.coco else self.dataset.label_list)

    def description(self) -> dict[str, Any]:
        if self.coco:
            return {"annotations": str(Path(self.dataset.get_anno()).resolve())}
        records = [(index, self.dataset.roidbs[index]) for index in self.indices]
        objects = [item for index, record in records for item in _objects(index, record)]
        require_classes(objects, self.classes, self._source())
        return {"objects": objects}


def _objects(image: int, record: Any) -> Iterator[dict[str, Any]]:
    """The objects of an image in COCO's form; boxes are x, y, width and height in pixels."""
    for box, number in zip(record["gt_bbox"], record["gt_class"], strict=True):
        x1, y1, x2, y2 = (float(value) for value in box)
        bbox = [x1, y1, x2 - x1, y2 - y1]
        yield {"image_id": image, "category_id": int(number[0]), "bbox": bbox}


class _OneByOne:
    """A batch sampler that yields single indices, spread evenly over the images that are not in
    ``without``; it chooses them late, since the suite parses the data set after it has the sampler.
    """

    def __init__(self, dataset: Any, limit: int | None, without: Collection[str]) -> None:
        self.dataset, self.limit, self.without, self.batch_size = dataset, limit, without, 1

    def choose(self) -> list[int]:
        files = [os.path.normpath(record["im_file"]) for record in self.dataset.roidbs]
        indices = [index for index, file in enumerate(files) if file not in self.without]
        return [indices[position] for position in spread(len(indices), self.limit)]

    def __iter__(self) -> Iterator[list[int]]:
        return iter([[index] for index in self.choose()])

    def __len__(self) -> int:
        return len(self.choose())
