"""Where the models of a case run on a kind of runner: targets before and after compression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.deployment import Deployment, deploy
from bench.engines.targets import TARGETS, Target
from compress.artifacts.artifact import Artifact
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


@dataclass(frozen=True)
class Placement:
    """``before``, ``after``: the targets of a model before and after compression; ``options``: by
    target, or by ``DEVICE-ENGINE`` for all of its targets.
    """

    before: Target = TARGETS["cpu-onednn-fp32"]
    after: Target = TARGETS["cpu-onednn-int8"]
    options: Mapping[str, TargetOptions] = field(default_factory=dict)

    def deploy(
        self,
        artifact: Artifact,
        shape: tuple[int, ...],
        *,
        compressed: bool,
        left_out: tuple[str, ...] = (),
    ) -> Deployment:
        """The model on its target. A compressed one runs where it would before compression if it
        would compute nonsense on the other, as a pruned one does in int8.
        """
        quantised = bool(artifact.op_types)
        fits = self.after.engine.unfit(self.after.precision, quantised=quantised) is None
        target = self.after if compressed and fits else self.before
        return deploy(artifact, shape, target, left_out, self.options_on(target))

    @property
    def dynamic_shape(self) -> bool:
        """Whether models have to be exported for images of any size."""
        return any(self.options_on(target).dynamic_shape for target in (self.before, self.after))

    def options_on(self, target: Target) -> TargetOptions:
        """The options on a target; those of the target itself go before those of its engine."""
        chosen: dict[str, object] = {}
        for name in (target.name.rpartition("-")[0], target.name):
            if name in self.options:
                chosen |= self.options[name].model_dump(exclude_unset=True)
        return TargetOptions.model_validate(chosen)


def place(kind: RunnerKind, options: Mapping[str, TargetOptions]) -> Placement:
    """Where models run on runners of the kind, by checked names of targets."""
    return Placement(TARGETS[kind.before], TARGETS[kind.after], options)


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


def takes(target: Target, option: str) -> bool:
    """Whether an option of the manifest changes something on the target. ``dynamic_shape`` changes
    how models are exported, whatever runs them.
    """
    given = TargetOptions.model_validate({option: getattr(OTHER, option)})
    default, other = (
        Deployment(Path(), target, (), (), (1,), options).configured(threads=1).calls
        for options in (TargetOptions(), given)
    )
    return option == "dynamic_shape" or default != other


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
