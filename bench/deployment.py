"""A model as it is deployed: its folder, its target and the options that it runs with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.engines.options import engine_options
from bench.engines.targets import Target, target_for
from bench.requests import Configured
from compress.artifacts.artifact import Artifact, model_places
from compress.manifest import TargetOptions
from compress.recipes.inference_ops import inference_op_types


@dataclass(frozen=True)
class Deployment:
    """An inference model on a target. ``op_types``: quantised at inference; ``left_out``: graph
    passes and kernels that must not run; ``shape``: (N, C, H, W) of the image input; ``options``:
    what the manifest says of the model on this target; ``shape_ranges``: the file with the ranges
    of all shapes; ``engines``: the folder with the engines that were built for the model;
    ``unfit``: why the model would compute nonsense there, None if it does not.
    """

    folder: Path
    target: Target
    op_types: tuple[str, ...]
    left_out: tuple[str, ...]
    shape: tuple[int, ...]
    options: TargetOptions = field(default_factory=TargetOptions)
    shape_ranges: Path | None = None
    engines: Path | None = None
    unfit: str | None = None

    @property
    def on_gpu(self) -> bool:
        """Whether its workers need a GPU."""
        return self.target.engine.device == "gpu"

    @property
    def places(self) -> tuple[Path, ...]:
        """What its workers have to read."""
        own = (self.shape_ranges, self.engines)
        return (*model_places(self.folder), *(place for place in own if place is not None))

    def without(self, parts: tuple[str, ...]) -> Deployment:
        """The model without these passes and kernels, and without the engines built with them."""
        return replace(self, left_out=(*self.left_out, *parts), engines=None)

    def configured(self, threads: int) -> Configured:
        """The model with the calls that configure the engine."""
        options = engine_options(
            self.target,
            self.options,
            threads,
            self.op_types,
            self.left_out,
            batch=self.shape[0],
            dynamic_shape=self.shape_ranges is not None,
        )
        calls = self.target.engine.configure(options)
        return Configured(
            model=self.folder,
            library=self.target.engine.library,
            calls=calls,
            shape_ranges=self.shape_ranges,
            engines=self.engines,
        )


def deploy(
    artifact: Artifact,
    shape: tuple[int, ...],
    target: Target | None = None,
    left_out: tuple[str, ...] = (),
    options: TargetOptions | None = None,
) -> Deployment:
    """The artifact on a target, by default int8 if it was quantised, else fp32. In int8, inference
    quantises exactly the op types that were trained quantised.
    """
    quantised = bool(artifact.op_types)
    target = target or target_for(quantised)
    op_types = inference_op_types(artifact.op_types) if target.precision == "int8" else ()
    return Deployment(
        artifact.folder,
        target,
        tuple(op_types),
        left_out,
        shape,
        options or TargetOptions(),
        unfit=target.engine.unfit(target.precision, quantised=quantised),
    )
