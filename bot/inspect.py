"""Looks into exported models from outside, through a worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.pipeline import scratch_folder
from compress.artifacts import MODEL_FILES
from compress.doctor.facts import GraphFacts
from compress.errors import InputError
from compress.worker import Workplace, run_worker

TIMEOUT_S = 300.0


def inspect_model(folder: Path) -> dict[str, Any]:
    """See ``compress.workers.inspect``; raises InputError if the folder holds no model."""
    check_model(folder)
    with scratch_folder() as scratch:
        facts, _ = run_worker(
            "compress.workers.inspect",
            "inspect",
            {"model": str(folder.resolve())},
            workplace=Workplace(scratch),
            timeout_s=TIMEOUT_S,
        )
    return facts


def graph_facts(folder: Path) -> GraphFacts:
    """What the doctor wants to know of an exported model; raises InputError or JobFailure."""
    return GraphFacts.model_validate(inspect_model(folder)["facts"])


def check_model(folder: Path) -> None:
    """Raises InputError unless the folder holds an exported model."""
    for name in MODEL_FILES:
        if not (folder / name).is_file():
            raise InputError(
                f"no {name} in {folder}",
                file=str(folder / name),
                hint="name a folder that slimgate compress or an export made",
            )
