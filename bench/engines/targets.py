"""Inference targets: device, engine and precision under one name, such as ``cpu-onednn-int8``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bench.engines import ENGINES
from bench.engines.base import Engine, Precision
from core.errors import InputError


@dataclass(frozen=True)
class Target:
    """An engine with a precision; ``name``: ``DEVICE-ENGINE-PRECISION``."""

    engine: Engine
    precision: Precision

    @property
    def name(self) -> str:
        return f"{self.engine.device}-{self.engine.name}-{self.precision}"


TARGETS = {
    target.name: target
    for engine in ENGINES
    for target in (Target(engine, precision) for precision in engine.precisions)
}


def find_target(name: str) -> Target:
    """The target of that name; raises InputError with the valid ones."""
    if name not in TARGETS:
        raise InputError(
            f"unknown target {name!r}",
            key="--target",
            given=name,
            choices=tuple(TARGETS),
            hint="give one of these with --target",
        )
    return TARGETS[name]


def find_runnable(name: str, flags: Collection[str]) -> Target:
    """The target of that name; raises InputError with the valid ones if a processor with these
    instruction sets cannot run it.
    """
    target = find_target(name)
    missing = target.engine.missing(target.precision, flags)
    if missing is not None:
        raise InputError(
            f"this processor cannot run {name}: it lacks {missing}",
            key="--target",
            given=name,
            choices=tuple(runnable(flags)),
            hint=f"give one of these with --target, or use a machine with {missing}",
        )
    return target


def runnable(flags: Collection[str]) -> dict[str, Target]:
    """The targets that a processor with these instruction sets can run, by name."""
    return {
        name: target
        for name, target in TARGETS.items()
        if target.engine.missing(target.precision, flags) is None
    }


def reference_for(target: Target) -> Target:
    """The target to compare with: the same device and engine in fp32."""
    return Target(target.engine, "fp32")


def target_for(quantised: bool) -> Target:
    """The default target of a model: oneDNN, in int8 if the model is quantised."""
    return TARGETS["cpu-onednn-int8" if quantised else "cpu-onednn-fp32"]
