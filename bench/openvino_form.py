"""Models in the form that OpenVINO reads best: converted once, before anything is measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bench.deployment import Deployment
from bench.requests import Converted, ConvertRequest
from compress.artifacts.artifact import MODEL_FILES, model_places
from compress.sandbox.access import Access
from compress.versions import library_versions
from compress.worker.start import run_worker
from compress.workshop import Workshop
from core.canonical import content_hash
from core.installation import code_version
from core.store import hash_file

MODEL = "model.xml"


def in_its_form(model: Deployment, workshop: Workshop) -> Deployment:
    """The model as its target's library takes it, from the store if it is there. Raises
    JobFailure if OpenVINO cannot read it.
    """
    paddles = (model.folder / MODEL_FILES[0]).is_file()
    if model.target.engine.library == "paddle" or (
        not paddles and (model.folder / MODEL).is_file()
    ):
        return model
    key = content_hash(
        {
            "kind": "converted for OpenVINO",
            "model": [hash_file(model.folder / name) for name in MODEL_FILES],
            "versions": library_versions(workshop.runtime),
            "tool": code_version("core", "compress", "bench"),
        }
    )

    def make(folder: Path) -> None:
        run_worker(
            "bench.in_worker.convert",
            "convert",
            ConvertRequest(model=model.folder, out=folder),
            Converted,
            workplace=workshop.workplace,
            timeout_s=workshop.stage_timeout_s,
            access=Access(model_places(model.folder), (folder,)),
        )

    folder, _ = workshop.store.build(key, make)
    return replace(model, folder=folder)
