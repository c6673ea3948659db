"""Looks into exported models from outside, through a worker."""

from __future__ import annotations

from pathlib import Path

from compress.artifacts.artifact import MODEL_FILES
from compress.doctor.facts import GraphFacts
from compress.worker.requests import Inspection, InspectRequest
from compress.worker.start import Workplace, run_worker
from core.errors import InputError
from core.private_folder import scratch_folder

TIMEOUT_S = 300.0


def inspect_model(folder: Path) -> Inspection:
    """What the exported program holds; raises InputError if the folder holds no model."""
    check_model(folder)
    with scratch_folder() as scratch:
        facts, _ = run_worker(
            "compress.in_worker.inspect",
            "inspect",
            InspectRequest(model=folder.resolve()),
            Inspection,
            workplace=Workplace(scratch),
            timeout_s=TIMEOUT_S,
        )
    return facts


def graph_facts(folder: Path) -> GraphFacts:
    """What the doctor wants to know of an exported model; raises InputError or JobFailure."""
    return inspect_model(folder).facts


def check_model(folder: Path) -> None:
    """Raises InputError unless the folder holds an exported model."""
    for name in MODEL_FILES:
        if not (folder / name).is_file():
            raise InputError(
                f"no {name} in {folder}",
                file=str(folder / name),
                hint="name a folder that slimgate compress or an export made",
            )
