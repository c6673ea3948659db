"""A model as it is deployed: where it lies, on which target it runs, and with what options."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.engines.base import EngineOptions
from bench.engines.targets import Target, target_for
from bench.requests import Configured
from compress.artifacts.artifact import Artifact
from compress.recipes.inference_ops import inference_op_types


@dataclass(frozen=True)
class Deployment:
    """An inference model and how it is run. ``shape``: (N, C, H, W) of the image input;
    ``op_types``: quantised at inference; ``left_out``: graph passes and kernels not to run.
    """

    folder: Path
    target: Target
    op_types: tuple[str, ...]
    left_out: tuple[str, ...]
    shape: tuple[int, ...]

    def configured(self, threads: int) -> Configured:
        """The model with the calls that configure the engine."""
        options = EngineOptions(self.target.precision, threads, self.op_types, self.left_out)
        return Configured(model=self.folder, calls=self.target.engine.configure(options))


def deploy(
    artifact: Artifact,
    shape: tuple[int, ...],
    target: Target | None = None,
    left_out: tuple[str, ...] = (),
) -> Deployment:
    """The artifact on a target, by default the one that it is made for; in int8 exactly the op
    types that were trained quantised are quantised at inference.
    """
    chosen = target or target_for(bool(artifact.op_types))
    quantised = inference_op_types(artifact.op_types) if chosen.precision == "int8" else ()
    return Deployment(artifact.folder, chosen, tuple(quantised), left_out, shape)
