"""What keeps the accuracy of a model of PaddleDetection from being the suite's."""

from __future__ import annotations

from collections.abc import Iterator

from compress.suites.dialect import Document
from compress.suites.paddledet.keys import COVERAGE
from compress.suites.paddledet.validation import unrepeatable
from compress.suites.parts import mappings_in, section, tag_of
from core.errors import InputError

METRICS = ("COCO", "VOC")
DATASETS = ("COCODataSet", "VOCDataSet")
MASKS = ("with_mask", "mask_head")


def unmeasured(model: Document, data: Document, output_op: str) -> Iterator[InputError]:
    """What keeps the accuracy of a model from being the suite's: each with its key and a reason."""
    del output_op
    if data.get("metric") not in METRICS:
        words = f"{data.get('metric')!r} is not scored, only {' and '.join(METRICS)}"
        yield InputError(words, key="metric")
    dataset = section(data, "EvalDataset")
    kind = tag_of(dataset) or dataset.get("name")
    if kind is not None and kind not in DATASETS:
        yield InputError(f"{kind} is not scored, only {' and '.join(DATASETS)}", key="EvalDataset")
    yield from _of_images(dataset)
    for key in ("bias", "save_threshold", "IouType"):
        if data.get(key) not in (None, 0, "bbox"):
            yield InputError(COVERAGE.not_measured[key], key=key)
    yield from unrepeatable(data)
    yield from _of_export(model, data)
    yield from _of_masks(model)


def _of_images(dataset: Document) -> Iterator[InputError]:
    """The suite may draw images without objects by chance, or go through all images again."""
    share = dataset.get("empty_ratio", 1.0)
    if dataset.get("allow_empty") and not (type(share) in (int, float) and not 0 <= share < 1):
        reason = "draws images without objects, so that chance decides the score; set it to 1"
        yield InputError(reason, key="EvalDataset.empty_ratio")
    if dataset.get("repeat", 1) != 1:
        yield InputError("scores each image again", key="EvalDataset.repeat")


def _of_export(model: Document, data: Document) -> Iterator[InputError]:
    """A config with ``export`` has to ask for the parts of the export that yield boxes."""
    export = section(model, "export")
    for key in ("post_process", "nms") if "export" in model else ():
        if not export.get(key, False):
            yield InputError("without it the exported model yields no boxes", key=f"export.{key}")
    if export.get("benchmark"):
        yield InputError(COVERAGE.not_measured["export.benchmark"], key="export.benchmark")
    steps = mappings_in(section(data, "EvalReader").get("sample_transforms"))
    if section(model, "TestReader").get("fuse_normalize") and any(
        "NormalizeImage" in step for step in steps
    ):
        key = "TestReader.fuse_normalize"
        yield InputError(COVERAGE.not_measured[key], key=key)


def _of_masks(model: Document) -> Iterator[InputError]:
    architecture = str(model.get("architecture"))
    part = section(model, architecture)
    for key, value in (
        *((key, model.get(key)) for key in MASKS),
        *((f"{architecture}.{key}", part.get(key)) for key in MASKS),
    ):
        if value not in (None, False, "None"):
            yield InputError("boxes are scored, masks are not", key=key)
