"""Reads what a model config is exported to, through the store."""

from __future__ import annotations

from pathlib import Path

from compress.artifacts.build import circumstances
from compress.artifacts.spec import READ_FOR_EXPORT, ExportSpec
from compress.programs.outline import Outline
from compress.sandbox.access import Access
from compress.source import SuiteSource
from compress.suites import find_dialect
from compress.suites.impact import view
from compress.worker.requests import OutlineRequest
from compress.worker.start import run_worker
from compress.workshop import Workshop
from core.canonical import content_hash
from core.schema import load_json, write_json

OUTLINE = "outline.json"


def outline_model(workshop: Workshop, source: SuiteSource, spec: ExportSpec) -> Outline:
    """The outline of the program, with weights that follow from their names; raises JobFailure.
    ``spec``: its weights are not read.
    """
    config = view(spec.resolved, find_dialect(source.dialect), READ_FOR_EXPORT)
    source = source.without_data()
    key = content_hash(
        {
            "kind": "outline",
            "config": config,
            "shape": spec.exported_shape,
            "output_op": spec.output_op,
            **circumstances(source, workshop.runtime),
        }
    )

    def make(entry: Path) -> None:
        outline, _ = run_worker(
            "compress.in_worker.outline",
            "export",
            OutlineRequest(
                suite=source.request(),
                resolved=config,
                shape=spec.exported_shape,
                output_op=spec.output_op,
            ),
            Outline,
            workplace=workshop.workplace,
            timeout_s=workshop.stage_timeout_s,
            access=Access(source.places),
        )
        write_json(entry / OUTLINE, outline)

    entry, _ = workshop.store.build(key, make)
    return load_json(Outline, entry / OUTLINE)
