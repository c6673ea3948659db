"""The rules by which PaddleSeg checks a config when it loads it (``cvlibs/config_checker.py``).

They hold for configs that are complete enough to be trained; those for export only are built
without these checks (``in_worker/driver.py``: ``build_config``).
"""

from __future__ import annotations

from collections.abc import Iterator

from compress.suites.dialect import Document
from compress.suites.parts import mappings_in, section
from core.errors import InputError

TRAINING_SECTIONS = frozenset(
    {"batch_size", "iters", "train_dataset", "optimizer", "lr_scheduler", "loss"}
)
CUSTOM = "Dataset"
"""The data set whose classes, channels and ignored label stand in the config."""


def is_complete(resolved: Document) -> bool:
    """Whether the suite applies its rules to the config; see the top of this file."""
    return resolved.keys() >= TRAINING_SECTIONS


def check_rules(resolved: Document) -> Iterator[InputError]:
    """What the suite's own checks would refuse."""
    if not is_complete(resolved):
        return
    yield from _losses(resolved)
    training, validation = (section(resolved, f"{part}_dataset") for part in ("train", "val"))
    if training.get("type") != CUSTOM:
        return
    if validation and validation.get("type") != CUSTOM:
        yield InputError(
            f"the type must be {CUSTOM!r}, as in train_dataset",
            key="val_dataset.type",
            hint="give both data sets the same type",
        )
    for part, dataset in (("train_dataset", training), ("val_dataset", validation)):
        if dataset and "num_classes" not in dataset:
            yield InputError("the number of classes is missing", key=f"{part}.num_classes")
    model = section(resolved, "model")
    first = section(model, "backbone") if "backbone" in model else model
    yield from _differing("num_classes", model.get("num_classes"), training, validation)
    yield from _differing("img_channels", first.get("in_channels"), training, validation)
    yield from _differing("ignore_index", None, training, validation)
    yield from _ignored_labels(resolved, training, validation)


def _losses(resolved: Document) -> Iterator[InputError]:
    for name in ("loss", "distill_loss"):
        if resolved.get(name) is None:
            continue
        types, weights = (section(resolved, name).get(key) for key in ("types", "coef"))
        if not isinstance(types, list) or not isinstance(weights, list):
            yield InputError(
                "a loss needs the lists types and coef",
                key=name,
                hint="give one weight in coef for each output of the model",
            )
        elif len(types) not in (1, len(weights)):
            yield InputError(
                f"{len(types)} types do not line up with {len(weights)} weights in coef",
                key=f"{name}.types",
                hint="give one type, or one for each weight",
            )


def _differing(
    key: str, of_model: object, training: Document, validation: Document
) -> Iterator[InputError]:
    """The model and both data sets have to agree wherever they give a value."""
    places = {
        "model": of_model,
        "train_dataset": training.get(key),
        "val_dataset": validation.get(key),
    }
    values = {place: value for place, value in places.items() if value is not None}
    first = next(iter(values.values()), None)
    place = next((place for place, value in values.items() if value != first), None)
    if place is not None:
        words = ", ".join(dict.fromkeys(map(str, values.values())))
        yield InputError(
            f"model, train_dataset and val_dataset disagree on {key}: {words}",
            key=f"{place}.{key}",
            hint="give all of them the same value",
        )


def _ignored_labels(
    resolved: Document, training: Document, validation: Document
) -> Iterator[InputError]:
    ignored = training.get("ignore_index", validation.get("ignore_index"))
    if ignored is None:
        return
    for name in ("loss", "distill_loss"):
        for index, loss in enumerate(mappings_in(section(resolved, name).get("types"))):
            parts = mappings_in(loss.get("losses")) if loss.get("type") == "MixedLoss" else [loss]
            for part in parts:
                if part.get("ignore_index", ignored) != ignored:
                    yield InputError(
                        f"the ignored label is {part['ignore_index']} here and {ignored} in "
                        "train_dataset",
                        key=f"{name}.types.{index}.ignore_index",
                        hint="give both the same value",
                    )
