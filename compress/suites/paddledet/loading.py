"""What keeps PaddleDetection from loading a config, told from its text.

Files are read one by one (``ppdet/core/workspace.py``: ``_load_config_with_base``), so that a tag
without a constructor ends loading wherever it stands. Names are looked up when the parts of a
model, of its data and of its training are built (``create``; ``ppdet/data/reader.py``:
``Compose``; ``ppdet/optimizer/optimizer.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from compress.suites.dialect import Document
from compress.suites.paddledet.places import DATASETS, PARTS
from compress.suites.parts import is_tagged_text, section, tag_of, walk
from compress.suites.registry_names import Registry
from compress.suites.unknown_names import unknown_name
from core.errors import InputError, shown

BASES = "_BASE_"
REGULARIZERS = frozenset({"L1", "L2"})
OWN_OPTIMIZERS = frozenset({"AdamWDL"})
"""Optimizers of the suite beside Paddle's (``ppdet/optimizer/adamw.py``)."""


def check_file(document: Document, registry: Registry | None) -> Iterator[InputError]:
    """The form of ``_BASE_``, and tags that YAML cannot construct."""
    bases = document.get(BASES)
    if BASES in document and not isinstance(bases, list):
        yield InputError(
            f"the bases must be a list, not {shown(bases)}: the suite goes through them one by "
            "one, and of a text that is each character",
            key=BASES,
            hint=f"write {BASES}: [{shown(bases)}]",
        )
    for key, value in walk(document):
        tag = tag_of(value)
        if tag is None:
            continue
        error = unknown_name(tag, registry.tags() if registry else (), key, "tag", registry)
        if error is not None:
            yield error
        elif is_tagged_text(value):
            yield InputError(
                f"the tag !{tag} stands before no mapping", key=key, hint=f"write !{tag} {{}}"
            )


def check_config(resolved: Document, registry: Registry | None) -> Iterator[InputError]:
    """Names of parts, data sets, transforms, schedules and optimizers that do not exist."""
    if registry is None:
        return
    errors = chain(
        _part_errors(resolved, registry),
        _data_errors(resolved, registry),
        _training_errors(resolved, registry),
    )
    yield from (error for error in errors if error is not None)


def _part_errors(resolved: Document, registry: Registry) -> Iterator[InputError | None]:
    """The architecture, and every part that is built for it."""
    architecture = resolved.get("architecture")
    names = registry.by_name()
    yield unknown_name(
        architecture, registry.of_kind("architecture"), "architecture", "architecture", registry
    )
    queue, seen = [str(architecture)], set()
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        for key, value in section(resolved, name).items():
            named = value.get("name") if isinstance(value, dict) else value
            if key in PARTS and isinstance(named, str) and named not in resolved:
                yield unknown_name(named, names, f"{name}.{key}", key, registry)
            if key in PARTS and isinstance(named, str):
                queue.append(named)


def _data_errors(resolved: Document, registry: Registry) -> Iterator[InputError | None]:
    for key in DATASETS:
        name = section(resolved, key).get("name")
        if name is not None:
            yield unknown_name(name, registry.by_name(), f"{key}.name", "data set", registry)
    for reader in sorted(registry.of_kind("reader") & resolved.keys()):
        for part, steps in section(resolved, reader).items():
            if part.endswith("transforms") and isinstance(steps, list):
                for index, step in enumerate(steps):
                    yield from _step_errors(step, f"{reader}.{part}.{index}", registry)


def _step_errors(step: object, key: str, registry: Registry) -> Iterator[InputError | None]:
    """A step names its transform as its only key; the suite takes it from a module by that name.
    It would build several in the order of the keys, which counts for nothing elsewhere.
    """
    if not isinstance(step, dict) or tag_of(step) is not None or len(step) > 1:
        yield InputError(
            "a step must be a mapping of one name to its settings",
            key=key,
            hint="write it as: - Decode: {}",
        )
        return
    transforms = registry.of_kind("transform", "plain-transform")
    for name in step:
        yield unknown_name(name, transforms, f"{key}.{name}", "transform", registry)


def _training_errors(resolved: Document, registry: Registry) -> Iterator[InputError | None]:
    builder = section(resolved, "OptimizerBuilder")
    optimizer = section(builder, "optimizer").get("type")
    if optimizer is not None:
        names = registry.of_kind("optimizer") | OWN_OPTIMIZERS
        key = "OptimizerBuilder.optimizer.type"
        yield unknown_name(optimizer, names, key, "optimizer", registry)
    regularizer = section(builder, "regularizer").get("type")
    if regularizer is not None:
        key = "OptimizerBuilder.regularizer.type"
        yield unknown_name(regularizer, REGULARIZERS, key, "regularizer", registry)
    schedulers = section(resolved, "LearningRate").get("schedulers")
    for index, item in enumerate(schedulers if isinstance(schedulers, list) else ()):
        if isinstance(item, dict) and tag_of(item) is None:
            key = f"LearningRate.schedulers.{index}.name"
            names = registry.of_kind("scheduler")
            yield unknown_name(item.get("name"), names, key, "schedule", registry)
