"""Inspects exported models through a worker."""

from __future__ import annotations

from pathlib import Path

from compress.artifacts.artifact import MODEL_FILES, model_places
from compress.doctor.facts import GraphFacts
from compress.sandbox.access import Access
from compress.versions import library_versions
from compress.worker.requests import Inspection, InspectRequest, Ranges, RangesRequest
from compress.worker.start import Workplace, run_worker
from compress.workshop import Workshop
from core.canonical import content_hash
from core.errors import InputError
from core.files import is_file
from core.installation import code_version
from core.private_folder import scratch_folder
from core.schema import load_json, write_json
from core.store import hash_file

TIMEOUT_S = 300.0
NEW_FORM, RANGES = "model.json", "ranges.json"


def inspect_model(folder: Path, workplace: Workplace | None = None) -> Inspection:
    """The contents of the exported program, which is not run; raises InputError if the folder holds
    no model, and JobFailure.
    """
    check_model(folder)
    with scratch_folder() as scratch:
        inspection, _ = run_worker(
            "compress.in_worker.inspect",
            "inspect",
            InspectRequest(model=folder.resolve()),
            Inspection,
            workplace=workplace or Workplace(scratch),
            timeout_s=TIMEOUT_S,
            access=Access(model_places(folder)),
        )
    return inspection


def find_ranges(folder: Path, workshop: Workshop) -> Ranges:
    """Which layers of the model TensorRT can run in int8, from the store if it is there; raises
    InputError if the folder holds no model, and JobFailure.
    """
    check_model(folder)
    key = content_hash(
        {
            "kind": "ranges for TensorRT",
            "model": [hash_file(folder / name) for name in MODEL_FILES],
            "versions": library_versions(workshop.runtime),
            "tool": code_version("core", "compress"),
        }
    )

    def make(entry: Path) -> None:
        ranges, _ = run_worker(
            "compress.in_worker.ranges",
            "ranges",
            RangesRequest(model=folder.resolve()),
            Ranges,
            workplace=workshop.workplace,
            timeout_s=workshop.stage_timeout_s,
            access=Access(model_places(folder)),
        )
        write_json(entry / RANGES, ranges)

    entry, _ = workshop.store.build(key, make)
    return load_json(Ranges, entry / RANGES)


def graph_facts(folder: Path) -> GraphFacts:
    """An exported model's facts for the doctor's rules; raises InputError or JobFailure."""
    return inspect_model(folder).facts


def check_model(folder: Path) -> None:
    """Raises InputError unless the folder holds an exported model in the form of Paddle 2."""
    if is_file(folder / NEW_FORM) and not is_file(folder / MODEL_FILES[0]):
        raise InputError(
            "a program in the new form of Paddle 3, which PaddleSlim and slimgate do not read",
            file=str(folder / NEW_FORM),
            hint="export the model again with the variable FLAGS_enable_pir_api=0, which writes "
            f"{MODEL_FILES[0]}",
        )
    for name in MODEL_FILES:
        if not is_file(folder / name):
            raise InputError(
                f"no {name} in {folder}",
                file=str(folder / name),
                hint="give a folder that slimgate compress or an export wrote",
            )
