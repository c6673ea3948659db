"""Makes inference models through the store, each at most once: the export, and what follows it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compress.canonical import content_hash
from compress.errors import JobFailure
from compress.record import RECORD, ArtifactRecord, Effects, Made
from compress.resolve import flatten
from compress.sandbox.access import Access, present
from compress.sandbox.confinement import Sandbox
from compress.schema import load_json, write_json
from compress.source import SuiteSource
from compress.store import Store, hash_file
from compress.suites import find_dialect
from compress.suites.base import Document, Impact
from compress.versions import code_version, library_versions
from compress.worker import Workplace, run_worker
from compress.worker_process import Hear, read_answer

MODEL_FILES = ("model.pdmodel", "model.pdiparams")


@dataclass(frozen=True)
class Artifact:
    """An inference model in the store. ``content_hash`` covers program and parameters;
    ``cached`` says that it was there before; ``record`` tells how it was made, None for a model
    that somebody else exported; ``notes`` are the remarks of all steps that led to it, ``changes``
    the effects of all of them together.
    """

    folder: Path
    content_hash: str
    size_bytes: int
    cached: bool
    record: ArtifactRecord | None
    notes: tuple[str, ...] | None = None
    changes: Effects | None = None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was repaired or chosen while it was built."""
        if self.notes is not None:
            return self.notes
        return self.record.made.remarks if self.record else ()

    @property
    def effects(self) -> Effects:
        """What the methods did, by name: counted before and after."""
        if self.changes is not None:
            return self.changes
        return self.record.made.effects if self.record else {}

    @property
    def losses(self) -> tuple[float, ...]:
        """What training minimised, step by step; empty for what does not train."""
        return self.record.made.curve.losses.get("loss", ()) if self.record else ()

    @property
    def op_types(self) -> tuple[str, ...]:
        """Those of the recipe's op types that carry quantisation ops in the program itself."""
        return self.record.made.quantised if self.record else ()


@dataclass(frozen=True)
class Workshop:
    """Where artifacts are made and measured: the store, a scratch folder, limits and threads;
    ``sandbox`` is None for code that is trusted; ``hear`` is told how training goes on.
    """

    store: Store
    scratch: Path
    stage_timeout_s: float
    threads: int
    sandbox: Sandbox | None = None
    hear: Hear | None = None

    @property
    def workplace(self) -> Workplace:
        """Where its workers run, each library with the same number of threads."""
        names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
        return Workplace(self.scratch, dict.fromkeys(names, str(self.threads)), self.sandbox)


def default_threads() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0))


@dataclass(frozen=True)
class ExportSpec:
    """``resolved``: the model config. ``weights``: a checked file, None for initial weights.
    ``input_shape`` (N, C, H, W) is what the model is measured with; with ``dynamic_shape`` the
    exported program takes any height and width.
    """

    resolved: Document
    weights: Path | None
    input_shape: tuple[int, ...]
    output_op: str
    dynamic_shape: bool = False

    @property
    def exported_shape(self) -> tuple[int, ...]:
        """(N, C, H, W) of the program's image input, -1 where it is free."""
        return (*self.input_shape[:2], -1, -1) if self.dynamic_shape else self.input_shape


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
    request = {
        "resolved": spec.resolved,
        "weights": spec.weights and str(spec.weights),
        "shape": spec.exported_shape,
        "output_op": spec.output_op,
        "suite": source.request(),
    }
    reads = (*source.places, *present(spec.weights))
    return build_artifact(workshop, inputs, "export", request, reads)


def part_of(resolved: Document, dialect_name: str, impacts: tuple[Impact, ...]) -> list[Any]:
    """The leaves of a config, each with its path, that can touch one of ``impacts``; sorted."""
    impact = find_dialect(dialect_name).impact
    leaves = ((path, leaf) for path, leaf in flatten(resolved) if impact(".".join(path)) in impacts)
    return sorted(leaves, key=lambda pair: pair[0])


def circumstances(source: SuiteSource) -> dict[str, Any]:
    """What every artifact depends on besides its own inputs: code and libraries."""
    return {
        "suite_code": source.code_id,
        "dialect": source.dialect,
        "libraries": library_versions(),
        "tool": code_version("compress"),
    }


def build_artifact(
    workshop: Workshop,
    inputs: dict[str, Any],
    stage: str,
    request: dict[str, Any],
    reads: tuple[Path, ...],
) -> Artifact:
    """The artifact that follows from ``inputs``, made by the worker of that stage if need be."""

    def make(folder: Path) -> None:
        answer, usage = run_worker(
            f"compress.workers.{stage}",
            stage,
            {**request, "out": str(folder)},
            workplace=workshop.workplace,
            timeout_s=workshop.stage_timeout_s,
            access=Access(reads, (folder,)),
            hear=workshop.hear,
        )
        missing = [name for name in MODEL_FILES if not (folder / name).is_file()]
        if missing:
            raise JobFailure(stage, "error", f"the worker left no {missing[0]}")
        made = read_answer(Made, answer, stage)
        write_json(folder / RECORD, ArtifactRecord(inputs=inputs, made=made, usage=usage))

    folder, cached = workshop.store.build(content_hash(inputs), make)
    return load_artifact(folder, cached)


def load_artifact(folder: Path, cached: bool) -> Artifact:
    """An artifact that lies in the folder."""
    paths = [folder / name for name in MODEL_FILES]
    record = folder / RECORD
    return Artifact(
        folder,
        content_hash([hash_file(path) for path in paths]),
        sum(path.stat().st_size for path in paths),
        cached,
        load_json(ArtifactRecord, record) if record.exists() else None,
    )
