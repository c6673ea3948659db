"""Makes inference models through the store: export, then compress, each at most once."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from compress.canonical import content_hash
from compress.errors import JobFailure
from compress.recipe import ParsedRecipe, RecipeStep
from compress.record import RECORD, ArtifactRecord, read_answer
from compress.resolve import flatten
from compress.sandbox.access import Access, present
from compress.sandbox.confinement import Sandbox
from compress.schema import load_json, write_json
from compress.source import SuiteSource, fingerprint_data
from compress.store import Store, hash_file
from compress.suites import find_dialect
from compress.suites.base import Document, Impact
from compress.versions import code_version, library_versions
from compress.worker import Workplace, run_worker
from compress.worker_process import Hear

MODEL_FILES = ("model.pdmodel", "model.pdiparams")


@dataclass(frozen=True)
class Artifact:
    """An inference model in the store. ``content_hash`` covers program and parameters;
    ``cached`` says that it was there before; ``record`` tells how it was made, None for a model
    that somebody else exported; ``notes`` are the remarks of all steps that led to it.
    """

    folder: Path
    content_hash: str
    size_bytes: int
    cached: bool
    record: ArtifactRecord | None
    notes: tuple[str, ...] | None = None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was repaired or chosen while it was built."""
        if self.notes is not None:
            return self.notes
        return self.record.made.remarks if self.record else ()

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
    """``resolved``: the model config. ``weights``: a checked file, None for initial weights."""

    resolved: Document
    weights: Path | None
    input_shape: tuple[int, ...]
    output_op: str


@dataclass(frozen=True)
class CompressSpec:
    """``data_config``: resolved config of the data; ``data``: the folders that compression and
    evaluation read, None for synthetic batches. ``seed``: of training and of drawing batches.
    """

    recipe: ParsedRecipe
    data_config: Document | None
    data: tuple[Path, ...] | None
    input_shape: tuple[int, ...]
    seed: int = 0


def export_artifact(workshop: Workshop, source: SuiteSource, spec: ExportSpec) -> Artifact:
    """The exported fp32 model; raises JobFailure."""
    inputs = {
        "kind": "export",
        "config": part_of(spec.resolved, source.dialect, ("graph",)),
        "weights": hash_file(spec.weights) if spec.weights else "initial, seed 0",
        "shape": spec.input_shape,
        "output_op": spec.output_op,
        **_circumstances(source),
    }
    request = {
        "resolved": spec.resolved,
        "weights": spec.weights and str(spec.weights),
        "shape": spec.input_shape,
        "output_op": spec.output_op,
        "suite": source.request(),
    }
    reads = (*source.places, *present(spec.weights))
    return _build(workshop, inputs, "export", request, reads)


def compress_artifact(
    workshop: Workshop, source: SuiteSource, model: Artifact, spec: CompressSpec
) -> Artifact:
    """The compressed model after all steps of the recipe; raises JobFailure.

    Every step is an artifact of its own, so that an interrupted run goes on after the last one.
    """
    made = model
    notes: list[str] = []
    for step in spec.recipe.steps:
        made = _compress_step(workshop, source, (made, model), step, spec)
        notes += made.remarks
    return replace(made, notes=tuple(notes))


def _compress_step(
    workshop: Workshop,
    source: SuiteSource,
    models: tuple[Artifact, Artifact],
    step: RecipeStep,
    spec: CompressSpec,
) -> Artifact:
    """The model after one step; ``models`` are the one to change and its teacher."""
    model, teacher = models
    inputs = {
        "kind": "compress",
        "model": model.content_hash,
        "teacher": teacher.content_hash,
        "method": step.method,
        "sections": step.sections,
        "data": _data_part(source, spec),
        "shape": spec.input_shape,
        "seed": spec.seed,
        **_circumstances(source),
    }
    request = {
        "model": str(model.folder),
        "teacher": str(teacher.folder),
        "method": step.method,
        "sections": step.sections,
        "op_types": spec.recipe.op_types,
        "data_config": spec.data_config if inputs["data"] else None,
        "shape": spec.input_shape,
        "seed": spec.seed,
        "suite": source.request(),
    }
    reads = (*source.places, model.folder, teacher.folder)
    return _build(workshop, inputs, "compress", request, reads)


def _data_part(source: SuiteSource, spec: CompressSpec) -> list[Any] | None:
    """What compression sees of the data, None for synthetic batches."""
    if spec.data_config is None or spec.data is None:
        return None
    wanted: tuple[Impact, ...] = ("graph", "compression", "evaluation")
    return [
        part_of(spec.data_config, source.dialect, wanted),
        [fingerprint_data(folder) for folder in spec.data],
    ]


def part_of(resolved: Document, dialect_name: str, impacts: tuple[Impact, ...]) -> list[Any]:
    """The leaves of a config, each with its path, that can touch one of ``impacts``; sorted."""
    impact = find_dialect(dialect_name).impact
    leaves = ((path, leaf) for path, leaf in flatten(resolved) if impact(".".join(path)) in impacts)
    return sorted(leaves, key=lambda pair: pair[0])


def _circumstances(source: SuiteSource) -> dict[str, Any]:
    return {
        "suite_code": source.code_id,
        "dialect": source.dialect,
        "libraries": library_versions(),
        "tool": code_version("compress"),
    }


def _build(
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
        made = read_answer(stage, answer)
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
