"""Inference targets: device, engine and precision under one name."""

from __future__ import annotations

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


def target_for(quantised: bool) -> Target:
    """What a variant is deployed on here: oneDNN, in int8 if it was quantised."""
    return TARGETS["cpu-onednn-int8" if quantised else "cpu-onednn-fp32"]
