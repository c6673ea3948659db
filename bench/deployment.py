"""A model as it is deployed: its folder, its target and the options that it runs with."""

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
    """An inference model on a target. ``op_types``: quantised at inference; ``left_out``: graph
    passes and kernels that must not run; ``shape``: (N, C, H, W) of the image input.
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
    """The artifact on a target, by default int8 if it was quantised, else fp32. In int8, inference
    quantises exactly the op types that were trained quantised.
    """
    target = target or target_for(bool(artifact.op_types))
    op_types = inference_op_types(artifact.op_types) if target.precision == "int8" else ()
    return Deployment(artifact.folder, target, tuple(op_types), left_out, shape)
