"""The kind of this runner: what it measures, and in which runtime."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from bench.engines.machine import Needs
from bench.engines.targets import find_target
from compress.manifest import KINDS, RunnerKind
from compress.runtimes.pins import read_pins
from compress.runtimes.spec import DEFAULT, bundled_runtimes, describe_runtime
from core.errors import InputError

HERE = "cpu"
"""The kind of runner that your own machine is unless you say otherwise."""
VARIABLE = "SLIMGATE_RUNTIME"
"""With it, the owner of a runner says which runtime is installed there."""


def find_kind(runners: Mapping[str, RunnerKind], name: str, manifest: str) -> RunnerKind:
    """What runners of that kind measure, by the manifest's ``runners`` and the usual ones; raises
    InputError with the kinds that there are.
    """
    kinds = {**KINDS, **runners}
    if name not in kinds:
        raise InputError(
            f"unknown kind of runner {name!r}",
            file=manifest,
            key="runners",
            given=name,
            choices=tuple(kinds),
            hint="name one of these, or describe it in the manifest (docs/manifest.md)",
        )
    return kinds[name]


def choose_runtime(kind: RunnerKind, option: str | None, manifest: Path) -> str | None:
    """The runtime to measure in: by ``--runtime``, else by ``$SLIMGATE_RUNTIME``, else the kind's,
    whose file lies relative to the manifest; None for the default.
    """
    chosen = option or os.environ.get(VARIABLE)
    if chosen or kind.runtime is None:
        return chosen or None
    return located(kind.runtime, manifest)


def located(runtime: str, manifest: Path) -> str:
    """The runtime as a manifest names it: the path of a file is relative to the manifest."""
    is_file = runtime.endswith((".yml", ".yaml"))
    return str(manifest.parent / runtime) if is_file else runtime


def own_runtime_of(kind: RunnerKind) -> str:
    """The runtime that runners of the kind measure in, as the manifest names it."""
    return kind.runtime or DEFAULT


def other_runtimes(kind: RunnerKind) -> tuple[str, ...]:
    """The bundled runtimes that runners of the kind can measure in besides their own: those that
    have what its targets need.
    """
    needs = [find_target(name).needs for name in (kind.before, kind.after)]
    own = own_runtime_of(kind)
    return tuple(name for name in bundled_runtimes() if name != own and _has(name, needs))


def _has(runtime: str, needs: Iterable[Needs]) -> bool:
    described = describe_runtime(runtime)
    on_gpu, pins = described.spec.device == "gpu", read_pins(described.requirements())
    return all(
        need.gpu == on_gpu
        and ("tensorrt" in pins or not need.tensorrt)
        and ("openvino" in pins or not need.openvino)
        for need in needs
    )
