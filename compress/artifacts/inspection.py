"""Inspects exported models through a worker."""

from __future__ import annotations

from pathlib import Path

from compress.artifacts.artifact import MODEL_FILES, model_places
from compress.doctor.facts import GraphFacts
from compress.sandbox.access import Access
from compress.worker.requests import Inspection, InspectRequest, Ranges, RangesRequest
from compress.worker.start import Workplace, run_worker
from compress.workshop import Workshop
from core.errors import InputError
from core.files import is_file
from core.private_folder import scratch_folder

TIMEOUT_S = 300.0
NEW_FORM = "model.json"


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
    """Which layers of the model TensorRT can run in int8; raises InputError if the folder holds no
    model, and JobFailure.
    """
    check_model(folder)
    ranges, _ = run_worker(
        "compress.in_worker.ranges",
        "ranges",
        RangesRequest(model=folder.resolve()),
        Ranges,
        workplace=workshop.workplace,
        timeout_s=workshop.stage_timeout_s,
        access=Access(model_places(folder)),
    )
    return ranges


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
