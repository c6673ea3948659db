"""The kind of this runner: what it measures, and in which runtime."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from compress.manifest import KINDS, RunnerKind
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
    is_file = kind.runtime.endswith((".yml", ".yaml"))
    return str(manifest.parent / kind.runtime) if is_file else kind.runtime
