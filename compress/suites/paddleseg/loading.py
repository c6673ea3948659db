"""What keeps PaddleSeg from loading a config, told from its text.

Follows ``paddleseg/cvlibs``: ``config.py`` (``parse_from_yaml``, ``merge_config_dicts``),
``builder.py`` (what has a ``type`` is built, with the other keys as arguments) and
``config_checker.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

from compress.suites.dialect import Document
from compress.suites.paddle_names import OPTIMIZERS
from compress.suites.paddleseg.checker import check_rules, is_complete
from compress.suites.parts import mappings_in, section, tag_of, walk
from compress.suites.registry_names import Registry
from compress.suites.unknown_names import unknown_name
from core.errors import InputError, shown

BASES, INHERITED = "_base_", "_inherited_"
BUILT = ("model", "train_dataset", "val_dataset", "optimizer")
LOSSES = ("loss", "distill_loss")
OLD_OPTIMIZERS = frozenset({"adam", "sgd"})
"""What the suite still understands in place of ``Adam`` and ``SGD``."""


def check_file(document: Document, registry: Registry | None) -> Iterator[InputError]:
    """The form of ``_base_``, and tags: PaddleSeg has none of its own."""
    del registry
    bases = document.get(BASES)
    if BASES in document and not isinstance(bases, (str, list)):
        yield InputError(
            f"the base must be a path, not {shown(bases)}",
            key=BASES,
            hint="give the path of a config, relative to this file, or remove the key",
        )
    for key, value in walk(document):
        if tag_of(value) is not None:
            yield InputError(
                f"the tag !{tag_of(value)} is not known to PaddleSeg",
                key=key,
                hint="write the class as type: NAME",
            )


def check_config(resolved: Document, registry: Registry | None) -> Iterator[InputError]:
    """Classes that do not exist, ``_inherited_`` without a base, and the suite's own rules."""
    yield from _leftovers(resolved)
    complete = is_complete(resolved)
    for key in BUILT:
        part = section(resolved, key)
        if key in resolved and ("type" in part or complete or key == "model"):
            yield from _unbuilt(part, key, registry)
    for key in LOSSES:
        for index, loss in enumerate(mappings_in(section(resolved, key).get("types"))):
            yield from _unbuilt(loss, f"{key}.types.{index}", registry)
    schedule = section(resolved, "lr_scheduler").get("type")
    if schedule is not None and registry is not None:
        names = registry.of_kind("scheduler")
        error = unknown_name(schedule, names, "lr_scheduler.type", "schedule", registry)
        yield from [error] if error else []
    yield from check_rules(resolved)


def _leftovers(resolved: Document) -> Iterator[InputError]:
    """``_inherited_`` is taken out only where the base has a mapping under the same key; anywhere
    else it is handed on as an argument that no class has.
    """
    for part in (*BUILT, "lr_scheduler", "test_config"):
        for key, value in walk(resolved.get(part), part):
            if isinstance(value, dict) and INHERITED in value:
                yield InputError(
                    f"{INHERITED} is left over: no base has a mapping {key} that it could replace, "
                    "and the suite hands it on as an argument",
                    key=f"{key}.{INHERITED}",
                    hint="remove it",
                )


def _unbuilt(value: Document, key: str, registry: Registry | None) -> Iterator[InputError]:
    """Errors in what is built from a mapping: itself, and what its values hold with a ``type``."""
    if "type" not in value:
        hint = "add type: with the name of a class"
        yield InputError("a mapping with a type is needed here", key=key, hint=hint)
        return
    names = registry.by_name() if registry else frozenset[str]()
    if key == "optimizer":
        names |= OLD_OPTIMIZERS
        if registry is not None and not registry.of_kind("optimizer"):
            names |= OPTIMIZERS  # revisions before October 2022 take them from Paddle
    error = unknown_name(value["type"], names, f"{key}.type", "class", registry)
    yield from [error] if error else []
    for name, inner in value.items():
        if isinstance(inner, dict) and "type" in inner:
            yield from _unbuilt(inner, f"{key}.{name}", registry)
        for index, item in enumerate(inner if isinstance(inner, list) else ()):
            if isinstance(item, dict) and "type" in item:
                yield from _unbuilt(item, f"{key}.{name}.{index}", registry)
