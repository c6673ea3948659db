"""Exports inference models through the store, each at most once."""

from __future__ import annotations

from pathlib import Path

from compress.artifacts.artifact import Artifact
from compress.artifacts.build import build_artifact, circumstances, part_of
from compress.artifacts.spec import ExportSpec
from compress.sandbox.access import present
from compress.source import SuiteSource
from compress.worker.requests import ExportRequest
from compress.workshop import Workshop
from core.store import hash_file


def export_artifact(workshop: Workshop, source: SuiteSource, spec: ExportSpec) -> Artifact:
    """The exported fp32 model; raises JobFailure."""
    inputs = {
        "kind": "export",
        "config": part_of(spec.resolved, source.dialect, ("graph",)),
        "weights": hash_file(spec.weights) if spec.weights else "initial, seed 0",
        "shape": spec.exported_shape,
        "output_op": spec.output_op,
        **circumstances(source),
    }

    def request(out: Path) -> ExportRequest:
        return ExportRequest(
            suite=source.request(),
            resolved=spec.resolved,
            weights=spec.weights,
            shape=spec.exported_shape,
            output_op=spec.output_op,
            out=out,
        )

    reads = (*source.places, *present(spec.weights))
    return build_artifact(workshop, inputs, "export", request, reads)
