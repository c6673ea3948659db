"""What an engine is told about a model on a target."""

from __future__ import annotations

from bench.engines.base import EngineOptions
from bench.engines.targets import Target
from compress.manifest import TargetOptions


def engine_options(
    target: Target,
    options: TargetOptions,
    threads: int,
    op_types: tuple[str, ...] = (),
    left_out: tuple[str, ...] = (),
    batch: int = 1,
    *,
    dynamic_shape: bool = False,
) -> EngineOptions:
    """``options``: what the manifest says of the model on this target; the others are those of
    ``EngineOptions``, where the manifest says nothing else.
    """
    return EngineOptions(
        precision=target.precision,
        threads=options.threads or threads,
        op_types=op_types,
        left_out=(*options.delete_passes, *left_out),
        batch=batch,
        disabled_ops=options.disable_ops,
        min_subgraph=options.min_subgraph,
        workspace_bytes=options.workspace_mb * 2**20,
        dynamic_shape=dynamic_shape,
    )
