"""Checks the targets that a manifest names, and their options."""

from __future__ import annotations

from collections.abc import Mapping

from bench.engines.options import engine_options
from bench.engines.targets import TARGETS, Target
from compress.manifest import RunnerKind, TargetOptions
from core.errors import InputError

ENGINES = tuple(dict.fromkeys(name.rpartition("-")[0] for name in TARGETS))
"""``DEVICE-ENGINE``, for options of all of an engine's targets."""


OTHER = TargetOptions(
    delete_passes=("other_pass",),
    disable_ops=("other",),
    min_subgraph=2,
    workspace_mb=2,
    threads=2,
    dynamic_shape=True,
)
"""A value of each option that is not its default."""


def check_targets(
    kinds: Mapping[str, RunnerKind],
    options: Mapping[str, Mapping[str, TargetOptions]],
    file: str,
) -> None:
    """Raises InputError for a target that does not exist, in the kinds of runners or among the
    names by which models have options, and for an option that the target does not take.
    """
    for name, kind in kinds.items():
        for key in ("before", "after"):
            _check(getattr(kind, key), tuple(TARGETS), file, f"runners.{name}.{key}")
    for model, by_target in options.items():
        for name, given in by_target.items():
            key = f"models.{model}.targets"
            _check(name, (*ENGINES, *TARGETS), file, key)
            _check_options(name, given, file, f"{key}.{name}")


def _check_options(name: str, given: TargetOptions, file: str, key: str) -> None:
    targets = [target for target in TARGETS.values() if target.name.startswith(name)]
    options = [o for o in TargetOptions.model_fields if any(takes(t, o) for t in targets)]
    for option in sorted(given.model_fields_set - {*options}):
        raise InputError(
            f"{name} does not take the option {option!r}",
            file=file,
            key=key,
            given=option,
            choices=tuple(options),
            hint="take it away, or give it to a target that takes it",
        )


def _check(name: str, choices: tuple[str, ...], file: str, key: str) -> None:
    if name not in choices:
        raise InputError(
            f"unknown target {name!r}",
            file=file,
            key=key,
            given=name,
            choices=choices,
            hint="name one of these",
        )


def takes(target: Target, option: str) -> bool:
    """Whether an option of the manifest changes something on the target. ``dynamic_shape`` changes
    how models are exported, whatever runs them.
    """
    given = TargetOptions.model_validate({option: getattr(OTHER, option)})
    default, other = (
        target.engine.configure(engine_options(target, options, threads=1))
        for options in (TargetOptions(), given)
    )
    return option == "dynamic_shape" or default != other
