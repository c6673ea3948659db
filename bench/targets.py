"""Inference targets: device, engine and precision under one name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from compress.errors import InputError


@dataclass(frozen=True)
class Target:
    """Where and how a model runs. ``name`` is ``DEVICE-ENGINE-PRECISION``."""

    device: Literal["cpu", "gpu"]
    engine: Literal["native", "onednn"]
    precision: Literal["fp32", "int8", "bf16"]

    @property
    def name(self) -> str:
        return f"{self.device}-{self.engine}-{self.precision}"


TARGETS = {
    target.name: target
    for target in (
        Target("cpu", "native", "fp32"),
        Target("cpu", "onednn", "fp32"),
        Target("cpu", "onednn", "bf16"),
        Target("cpu", "onednn", "int8"),
    )
}


NEEDED = {"bf16": "avx512f"}
"""The instruction set without which Paddle ignores that a precision was asked for."""


def find_target(name: str) -> Target:
    """The target of that name; raises InputError with the valid ones."""
    if name not in TARGETS:
        raise InputError(
            f"unknown target {name!r}",
            given=name,
            choices=tuple(TARGETS),
            hint="give one of these with --target",
        )
    return TARGETS[name]


def find_runnable(name: str, flags: Collection[str]) -> Target:
    """The target of that name, on a processor with these instruction sets; raises InputError with
    those that it can run.
    """
    target, fit = find_target(name), runnable(flags)
    if name not in fit:
        raise InputError(
            f"this processor cannot run {name}: it has no {NEEDED[target.precision]}",
            key="--target",
            given=name,
            choices=tuple(fit),
            hint="name one of these, or use a machine whose processor has it",
        )
    return target


def runnable(flags: Collection[str]) -> dict[str, Target]:
    """By name the targets that a processor with these instruction sets can run."""
    return {
        name: target
        for name, target in TARGETS.items()
        if target.precision not in NEEDED or NEEDED[target.precision] in flags
    }


def reference_for(target: Target) -> Target:
    """What a target is compared with: the same device and engine in fp32."""
    return TARGETS[f"{target.device}-{target.engine}-fp32"]


def target_for(quantised: bool) -> Target:
    """What a variant is deployed on here: oneDNN, in int8 if it was quantised."""
    return TARGETS["cpu-onednn-int8" if quantised else "cpu-onednn-fp32"]
