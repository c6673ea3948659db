"""How PaddleDetection writes configs: ``_BASE_`` lists, later bases win, local tags are objects.

The rules follow ``ppdet/core/workspace.py`` (``_load_config_with_base``, ``dict_merge``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compress.suites.dialect import DataPlace, Document, Impact, Normalisation, Scoring, Split
from compress.suites.impact import ImpactTable
from compress.suites.parts import (
    in_words,
    is_mergeable,
    is_size,
    listed_bases,
    mappings_in,
    section,
    text_or_none,
    texts_in,
)

IMPACTS_OF_KEYS = ImpactTable(
    training=(
        "LearningRate",
        "OptimizerBuilder",
        "epoch",
        "snapshot_epoch",
        "log_iter",
        "save_dir",
        "use_gpu",
        "use_xpu",
        "use_mlu",
        "use_npu",
        "worker_num",
        "pretrain_weights",
        "weights",
        "find_unused_parameters",
        "print_flops",
        "print_params",
        "TrainReader",
        "use_ema",
        "ema_decay",
        "ema_decay_type",
        "ema_filter_no_grad",
        "save_prediction_only",
        "log_ranks",
        "amp",
        "master_grad",
        "cycle_epoch",
    ),
    compression=("TrainDataset",),
    evaluation=(
        "EvalReader",
        "EvalDataset",
        "metric",
        "map_type",
        "TestDataset",
    ),
)


DATASETS: dict[Split, str] = {"evaluation": "EvalDataset", "training": "TrainDataset"}
"""The section with the data set of each split."""
DATASET_KEYS = (
    "image_dir",
    "label_list",
    "allow_empty",
    "load_crowd",
    "sample_num",
)
"""What decides which images of a data set count, and where they are."""
NORMALIZE_IMAGE = {
    "mean": [0.485, 0.456, 0.406],
    "std": [0.229, 0.224, 0.225],
    "is_scale": True,
    "norm_type": "mean_std",
}
"""Defaults of ``ppdet.data.transform.operators.NormalizeImage``."""


class PaddleDetDialect:
    """See ``compress.suites.dialect.Dialect``."""

    base_key = "_BASE_"
    code = ("ppdet",)
    data_dir = "dataset"

    def bases(self, document: Document) -> Sequence[str]:
        return listed_bases(document, self.base_key)

    def combine(self, document: Document, bases: Sequence[Document]) -> Document:
        merged: Document = {}
        own = {key: value for key, value in document.items() if key != self.base_key}
        for layer in (*bases, own):
            merged = _merge(merged, layer)
        return merged

    def mentions(self, resolved: Document) -> Iterator[tuple[str, str]]:
        """Of the model's sections only those that are reached from ``architecture``."""
        for key, value in resolved.items():
            if self.impact(key) != "graph":
                yield from texts_in({key: value})
                yield key, key
        found, waiting = set[str](), [("architecture", str(resolved.get("architecture")))]
        while waiting:
            path, text = waiting.pop()
            yield path, text
            if text not in found:
                found.add(text)
                waiting.extend(texts_in(resolved.get(text), text))

    def is_model(self, resolved: Document) -> bool:
        """A config with ``slim`` is not a model's: it supplements one (``--slim_config``)."""
        return isinstance(resolved.get("architecture"), str) and "slim" not in resolved

    def impact(self, key: str) -> Impact:
        return IMPACTS_OF_KEYS.impact(key)

    def input_shape(self, resolved: Document) -> tuple[int, ...]:
        """``TestReader.inputs_def.image_shape``, else the size of ``Resize``, else 640 by 640."""
        reader = section(resolved, "TestReader")
        shape = section(reader, "inputs_def").get("image_shape")
        if is_size(shape, 3) or is_size(shape, 4):
            return (1, *shape[-3:])
        for step in mappings_in(reader.get("sample_transforms")):
            size = section(step, "Resize").get("target_size")
            if is_size(size):
                return (1, 3, size[0], size[1])
        return (1, 3, 640, 640)

    def evaluation_size(self, resolved: Document) -> tuple[int, int] | None:
        """The size of the last resizing step, if it ignores proportions or pads the rest; padding
        to a multiple of a stride afterwards keeps equal sizes equal.
        """
        steps = mappings_in(section(resolved, "EvalReader").get("sample_transforms"))
        resizing = [item for step in steps for item in step.items() if "Resize" in item[0]]
        name, settings = resizing[-1] if resizing else ("", None)
        settings = settings if isinstance(settings, dict) else {}
        size = settings.get("target_size")
        fixed = name == "LetterBoxResize" or (
            name == "Resize" and not settings.get("keep_ratio", True)
        )
        return (size[0], size[1]) if fixed and is_size(size) else None

    def normalisation(self, resolved: Document) -> tuple[Normalisation, Normalisation]:
        training, evaluation = (
            _normalisation(section(resolved, reader)) for reader in ("TrainReader", "EvalReader")
        )
        return training, evaluation

    def scoring(self, resolved: Document, split: Split) -> Scoring:
        """COCO unless the config says VOC, whose classes and images are named by the data set."""
        name = DATASETS[split]
        dataset = section(resolved, name)
        settings = {key: dataset.get(key) for key in DATASET_KEYS}
        settings["num_classes"] = resolved.get("num_classes")
        if resolved.get("metric") == "VOC":
            return Scoring("voc", name, {**settings, "map_type": resolved.get("map_type")})
        return Scoring("coco", name, settings)

    def evaluation_data(self, resolved: Document) -> DataPlace:
        return _place(section(resolved, DATASETS["evaluation"]))

    def training_data(self, resolved: Document) -> DataPlace:
        return _place(section(resolved, DATASETS["training"]))


def _normalisation(reader: Document) -> Normalisation:
    """``FlipWarpAffine`` divides by 255 itself; ``is_scale: false`` after it counts as true."""
    steps = [
        *mappings_in(reader.get("sample_transforms")),
        *mappings_in(reader.get("batch_transforms")),
    ]
    scaled = {"is_scale": True} if any("FlipWarpAffine" in step for step in steps) else {}
    own = (section(step, "NormalizeImage") for step in steps if "NormalizeImage" in step)
    return (
        in_words({**NORMALIZE_IMAGE, **settings, **scaled} for settings in own) if steps else None
    )


def _place(dataset: Document) -> DataPlace:
    root, index = text_or_none(dataset.get("dataset_dir")), text_or_none(dataset.get("anno_path"))
    return DataPlace(root, f"{root}/{index}" if root and index else None)


def _merge(lower: Document, upper: Document) -> Document:
    merged = dict(lower)
    for key, value in upper.items():
        both = is_mergeable(merged.get(key)) and is_mergeable(value)
        merged[key] = _merge(merged[key], value) if both else value
    return merged
