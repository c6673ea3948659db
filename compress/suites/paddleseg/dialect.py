"""How PaddleSeg writes configs: ``_base_``, recursive merge, ``_inherited_: False`` replaces.

The rules follow ``paddleseg/cvlibs/config.py`` (``parse_from_yaml``, ``merge_config_dicts``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compress.suites.dialect import DataPlace, Document, Impact, Normalisation, Scoring, Split
from compress.suites.impact import ImpactTable
from compress.suites.paddleseg.datasets import scoring_of
from compress.suites.parts import (
    in_words,
    is_size,
    listed_bases,
    mappings_in,
    section,
    text_or_none,
    texts_in,
)
from core.errors import InputError

IMPACTS_OF_KEYS = ImpactTable(
    training=(
        "optimizer",
        "lr_scheduler",
        "loss",
        "distill_loss",
        "iters",
        "to_static_training",
        "model.pretrained",
        "model.backbone.pretrained",
        "seed",
    ),
    compression=("train_dataset", "batch_size"),
    evaluation=("val_dataset", "test_config", "test_dataset"),
    # The suite copies these into a model that lacks them (cvlibs/config_checker.py).
    graph=(
        "train_dataset.type",
        "train_dataset.num_classes",
        "train_dataset.img_channels",
        "val_dataset.num_classes",
        "val_dataset.img_channels",
    ),
)


DATASETS: dict[Split, str] = {"evaluation": "val_dataset", "training": "train_dataset"}
"""The section with the data set of each split."""
NORMALIZE = {"mean": [0.5] * 3, "std": [0.5] * 3}
"""Defaults of ``paddleseg.transforms.Normalize``."""


class PaddleSegDialect:
    """See ``compress.suites.dialect.Dialect``."""

    base_key = "_base_"
    code = ("paddleseg",)
    data_dir = "data"

    def bases(self, document: Document) -> Sequence[str]:
        return listed_bases(document, self.base_key)

    def combine(self, document: Document, bases: Sequence[Document]) -> Document:
        combined = {key: value for key, value in document.items() if key != self.base_key}
        for base in bases:
            combined = _merge(combined, base)
        return combined

    def mentions(self, resolved: Document) -> Iterator[tuple[str, str]]:
        return texts_in(resolved)

    def is_model(self, resolved: Document) -> bool:
        return isinstance(resolved.get("model"), dict)

    def impact(self, key: str) -> Impact:
        return IMPACTS_OF_KEYS.impact(key)

    def input_shape(self, resolved: Document) -> tuple[int, ...]:
        """The size of validation, else of the training crop, else 512 by 512; the suite writes
        (width, height).
        """
        for part, kinds in (
            ("val_dataset", ("Resize",)),
            ("train_dataset", ("RandomPaddingCrop", "Resize")),
        ):
            for transform in mappings_in(section(resolved, part).get("transforms")):
                size = transform.get("target_size") or transform.get("crop_size")
                fits = transform.get("type") in kinds and not transform.get("keep_ratio")
                if fits and is_size(size):
                    return (1, 3, size[1], size[0])
        return (1, 3, 512, 512)

    def evaluation_size(self, resolved: Document) -> tuple[int, int] | None:
        """The size after the last step that changes sizes; the suite writes (width, height)."""
        steps = mappings_in(section(resolved, "val_dataset").get("transforms"))
        last = next((step for step in reversed(steps) if _changes_size(step.get("type"))), {})
        size = last.get("target_size", [512, 512])
        fixed = last.get("type") == "Resize" and not last.get("keep_ratio")
        return (size[1], size[0]) if fixed and is_size(size) else None

    def normalisation(self, resolved: Document) -> tuple[Normalisation, Normalisation]:
        training, evaluation = (
            _normalisation(section(resolved, part)) for part in ("train_dataset", "val_dataset")
        )
        return training, evaluation

    def scoring(self, resolved: Document, split: Split) -> Scoring:
        return scoring_of(resolved, DATASETS[split])

    def evaluation_data(self, resolved: Document) -> DataPlace:
        return _place(section(resolved, "val_dataset"), "val_path")

    def training_data(self, resolved: Document) -> DataPlace:
        return _place(section(resolved, "train_dataset"), "train_path")


def _changes_size(step: object) -> bool:
    return isinstance(step, str) and any(part in step for part in ("Resize", "Pad", "Crop"))


def _normalisation(dataset: Document) -> Normalisation:
    steps = mappings_in(dataset.get("transforms"))
    normalising = (step for step in steps if step.get("type") == "Normalize")
    own = ({key: value for key, value in step.items() if key != "type"} for step in normalising)
    return in_words({**NORMALIZE, **settings} for settings in own) if steps else None


def _place(dataset: Document, index: str) -> DataPlace:
    return DataPlace(text_or_none(dataset.get("dataset_root")), text_or_none(dataset.get(index)))


def _merge(document: Document, base: Document) -> Document:
    if not document.get("_inherited_", True):
        return {key: value for key, value in document.items() if key != "_inherited_"}
    merged = dict(base)
    for key, value in document.items():
        if isinstance(value, dict) and key in merged:
            if not isinstance(merged[key], dict):
                raise InputError(
                    "a mapping replaces a plain value of the base",
                    key=key,
                    hint="PaddleSeg cannot merge them; add '_inherited_: False' to the mapping",
                )
            merged[key] = _merge(value, merged[key])
        else:
            merged[key] = value
    return merged
