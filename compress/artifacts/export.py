"""Exports inference models through the store, each at most once."""

from __future__ import annotations

from pathlib import Path

from compress.artifacts.artifact import Artifact
from compress.artifacts.build import build_artifact, circumstances
from compress.artifacts.spec import READ_FOR_EXPORT, ExportSpec
from compress.sandbox.access import present
from compress.source import SuiteSource
from compress.suites import find_dialect
from compress.suites.impact import view
from compress.worker.requests import ExportRequest
from compress.workshop import Workshop
from core.store import hash_file


def export_artifact(workshop: Workshop, source: SuiteSource, spec: ExportSpec) -> Artifact:
    """The exported fp32 model; raises JobFailure."""
    config = view(spec.resolved, find_dialect(source.dialect), READ_FOR_EXPORT)
    inputs = {
        "kind": "export",
        "config": config,
        "weights": hash_file(spec.weights) if spec.weights else "initial, seed 0",
        "shape": spec.exported_shape,
        "output_op": spec.output_op,
        **circumstances(source, workshop.runtime),
    }

    def request(out: Path) -> ExportRequest:
        return ExportRequest(
            suite=source.without_data().request(),
            resolved=config,
            weights=spec.weights,
            shape=spec.exported_shape,
            output_op=spec.output_op,
            out=out,
        )

    reads = (*source.without_data().places, *present(spec.weights))
    return build_artifact(workshop, inputs, "export", request, reads)
