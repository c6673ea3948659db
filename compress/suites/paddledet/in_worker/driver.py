"""Exports models and reads data with PaddleDetection's own code. Workers only."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from compress.suites.driver import Feed, Fill, Run, Sample, TrainingData
from compress.suites.paddledet.dialect import DATASETS

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
        cfg.save_dir = "output"  # read by Trainer in any mode since PaddleDetection 2.8
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

    def image_reader(self, config: Path) -> DetectionReader:
        """Builds ``EvalReader`` without a data set, which would read annotations."""
        from ppdet.core.workspace import create

        load_config_file(config)
        return DetectionReader(create("EvalReader"))


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


class DetectionReader:
    """Images as the suite's evaluation reads them; the suite's code decodes boxes."""

    task: Literal["detection"] = "detection"

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    def read(self, number: int, image: Path) -> Sample:
        record = {"im_file": str(image), "im_id": np.array([number]), "curr_iter": number}
        batch = self.reader._batch_transforms([self.reader._sample_transforms(record)])
        feeds = {key: np.asarray(batch[key]).astype(np.float32) for key in FEEDS if key in batch}
        return Sample(feeds, number, None)

    def predict(self, run: Run, sample: Sample) -> list[dict[str, Any]]:
        return self.decode(run(sample.feeds), sample)

    def decode(self, outputs: Sequence[npt.NDArray[Any]], sample: Sample) -> list[dict[str, Any]]:
        """COCO results: ``image_id``, ``category_id``, ``bbox`` (x, y, w, h; pixels), ``score``."""
        from ppdet.metrics.coco_utils import get_infer_results

        boxes = next((out for out in outputs if out.ndim == 2), None)
        if boxes is None:
            raise ValueError("a model exported without NMS (export.nms) yields no boxes to judge")
        counts = next((out for out in outputs if out.ndim == 1), np.array([len(boxes)]))
        numbers = {number: number for number in set(boxes[:, 0].astype(int).tolist())}
        detections = {"bbox": boxes, "bbox_num": counts, "im_id": np.array([[sample.number]])}
        results: list[dict[str, Any]] = get_infer_results(detections, numbers)["bbox"]
        return results
