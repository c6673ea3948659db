"""Inference targets: device, engine and precision under one name, such as ``cpu-onednn-int8``."""

from __future__ import annotations

from dataclasses import dataclass

from bench.engines import ENGINES
from bench.engines.base import Engine, Precision
from bench.engines.machine import Machine, Needs, missing
from core.errors import InputError


@dataclass(frozen=True)
class Target:
    """An engine with a precision; ``name``: ``DEVICE-ENGINE-PRECISION``."""

    engine: Engine
    precision: Precision

    @property
    def name(self) -> str:
        return f"{self.engine.device}-{self.engine.name}-{self.precision}"

    @property
    def needs(self) -> Needs:
        """What the machine and the runtime must have."""
        return self.engine.needs(self.precision)


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


def find_runnable(name: str, machine: Machine) -> Target:
    """The target of that name; raises InputError with the valid ones if the machine or its runtime
    lacks what it needs.
    """
    target = find_target(name)
    lacking = missing(target.needs, machine)
    if lacking is not None:
        raise InputError(
            f"{name} is not available here: {lacking}",
            key="--target",
            given=name,
            choices=tuple(runnable(machine)),
            hint="give one of these with --target, or use another machine or --runtime",
        )
    return target


def runnable(machine: Machine) -> dict[str, Target]:
    """The targets that can run on the machine in its runtime, by name."""
    return {
        name: target for name, target in TARGETS.items() if missing(target.needs, machine) is None
    }


def reference_for(target: Target) -> Target:
    """The target to compare with: the same device and engine in fp32."""
    return Target(target.engine, "fp32")


def target_for(quantised: bool) -> Target:
    """The default target of a model: oneDNN, in int8 if the model is quantised."""
    return TARGETS["cpu-onednn-int8" if quantised else "cpu-onednn-fp32"]
