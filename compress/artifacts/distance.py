"""The distance of a compressed model's outputs from the original's, kept in the store."""

from __future__ import annotations

from pathlib import Path

from compress.artifacts.artifact import Artifact
from compress.artifacts.build import circumstances
from compress.artifacts.spec import CompressSpec, data_part, data_view
from compress.sandbox.access import Access
from compress.source import SuiteSource
from compress.worker.requests import Distance, DistanceRequest
from compress.worker.start import run_worker
from compress.workshop import Workshop
from core.canonical import content_hash
from core.schema import load_json, write_json

DISTANCE = "distance.json"


def output_distance(
    workshop: Workshop, source: SuiteSource, models: tuple[Artifact, Artifact], spec: CompressSpec
) -> float:
    """The distance of the second model's outputs from the first's, 0 for equal ones; for the
    formula see ``compress.in_worker.distance``. Measured once. Raises JobFailure.
    """
    before, after = models
    key = content_hash(
        {
            "kind": "distance",
            "models": [before.files_hash, after.files_hash],
            "data": data_part(source, spec),
            "shape": spec.input_shape,
            "seed": spec.seed,
            **circumstances(source, workshop.runtime),
        }
    )
    request = DistanceRequest(
        suite=source.request(),
        before=before.folder,
        after=after.folder,
        data_config=data_view(source, spec),
        shape=spec.input_shape,
        seed=spec.seed,
    )

    def make(folder: Path) -> None:
        answer, _ = run_worker(
            "compress.in_worker.distance",
            "compress",
            request,
            Distance,
            workplace=workshop.workplace,
            timeout_s=workshop.stage_timeout_s,
            access=Access((*source.places, before.folder, after.folder), covers=spec.covers()),
        )
        write_json(folder / DISTANCE, answer)

    folder, _ = workshop.store.build(key, make)
    return load_json(Distance, folder / DISTANCE).distance
