"""Builds artifacts through the store: the key, the worker, the record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from compress.artifacts.artifact import MODEL_FILES, Artifact, load_artifact
from compress.artifacts.record import RECORD, ArtifactRecord, Made
from compress.runtimes.runtime import Runtime
from compress.sandbox.access import Access
from compress.sandbox.covers import Cover
from compress.source import SuiteSource
from compress.versions import library_versions
from compress.worker.start import run_worker
from compress.workshop import Workshop
from core.canonical import content_hash
from core.errors import JobFailure
from core.installation import code_version
from core.schema import StrictModel, write_json


def circumstances(source: SuiteSource, runtime: Runtime) -> dict[str, Any]:
    """What every artifact depends on besides its own inputs: code and libraries."""
    return {
        "suite_code": source.code_id,
        "dialect": source.dialect,
        "data_dir": source.data_dir,
        "libraries": library_versions(runtime),
        "variables": dict(runtime.environment),
        "tool": code_version("core", "compress"),
    }


def build_artifact(
    workshop: Workshop,
    inputs: dict[str, Any],
    stage: str,
    request: Callable[[Path], StrictModel],
    reads: tuple[Path, ...],
    covers: Callable[[], tuple[Cover, ...]] = tuple,
) -> Artifact:
    """The artifact of these ``inputs``, built by the stage's worker unless the store has it.

    ``request`` returns the worker's request for a model in the given folder; ``reads`` are the
    paths that it may read, and ``covers`` finds the folders of which it sees a part only. Raises
    JobFailure.
    """

    def make(folder: Path) -> None:
        report, usage = run_worker(
            f"compress.in_worker.{stage}",
            stage,
            request(folder),
            Made,
            workplace=workshop.workplace,
            timeout_s=workshop.stage_timeout_s,
            access=Access(reads, (folder,), covers()),
            hear=workshop.hear,
        )
        missing = [name for name in MODEL_FILES if not (folder / name).is_file()]
        if missing:
            raise JobFailure(stage, "error", f"the worker wrote no {missing[0]}")
        write_json(folder / RECORD, ArtifactRecord(inputs=inputs, made=report, usage=usage))

    folder, cached = workshop.store.build(content_hash(inputs), make)
    return load_artifact(folder, cached)
