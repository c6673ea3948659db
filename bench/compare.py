"""Compares the programs that candidates are exported to on both sides; failures become data."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bench.candidate import Candidate
from bench.job import JobSettings
from bench.make import measured_shape
from bench.placement import place
from bench.programs import Compared, Comparison, NotCompared, ProgramsResult
from bench.result import failed_variant
from bench.sources import side_source
from bench.together import caught
from bench.variant import FP32, Side, Variant
from compress.artifacts.outlining import outline_model
from compress.artifacts.spec import ExportSpec
from compress.programs.changes import find_change
from compress.programs.outline import Outline
from compress.workshop import Workshop
from core.errors import JobFailure
from core.git import GitRepo

SIDES: tuple[Side, Side] = ("base", "head")
OUTLINE_TIMEOUT_S = 900.0
"""Of an export; a side that takes longer is not compared."""


def compare_programs(
    candidates: Sequence[Candidate],
    settings: JobSettings,
    repo: GitRepo,
    workshop: Workshop,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[ProgramsResult]:
    """The comparisons after each candidate, until the time of a stage is up. Outlines are kept in
    the store, so that an interrupted run goes on where it stopped.
    """
    start = clock()
    compared: list[Comparison] = []
    limit = workshop.stage_timeout_s
    workshop = replace(workshop, stage_timeout_s=min(limit, OUTLINE_TIMEOUT_S))
    for number, candidate in enumerate(candidates, 1):
        if clock() - start > limit:
            left = len(candidates) - len(compared)
            workshop.say(f"the {limit:g} s for comparing programs are up: {left} models are left")
            break
        workshop.say(f"{candidate.config_file}: compare programs ({number} of {len(candidates)})")
        compared.append(_compare(candidate, settings, repo, workshop))
        yield ProgramsResult(
            base=settings.base,
            head=settings.head,
            duration_s=round(clock() - start, 3),
            candidates=tuple(compared),
        )


def _compare(
    candidate: Candidate, settings: JobSettings, repo: GitRepo, workshop: Workshop
) -> Comparison:
    """Both sides at once: an export uses one processor, and nothing is timed."""

    def outline(side: Side) -> Outline | JobFailure:
        with caught() as raised:
            return _outline(candidate, side, settings, repo, workshop)
        return raised[0]

    with ThreadPoolExecutor(max_workers=2) as pool:
        base, head = pool.map(outline, SIDES)
    if isinstance(base, Outline) and isinstance(head, Outline):
        with caught() as raised:
            change = find_change(base, head)
            return Compared(config_file=candidate.config_file, change=change)
        head = raised[0]
    failures = (
        failed_variant(Variant(side, FP32), failure)
        for side, failure in zip(SIDES, (base, head), strict=True)
        if isinstance(failure, JobFailure)
    )
    return NotCompared(config_file=candidate.config_file, failures=tuple(failures))


def _outline(
    candidate: Candidate, side: Side, settings: JobSettings, repo: GitRepo, workshop: Workshop
) -> Outline:
    """Raises JobFailure, and whatever else goes wrong."""
    origin = candidate.sides[side]
    source = side_source(settings, side, origin.commit, origin.change, repo, workshop)
    shape = measured_shape(settings.dialect, candidate.config, candidate.input_shape)
    placed = place(settings.kind, candidate.targets)
    dynamic = candidate.dynamic_shape or placed.dynamic_shape
    spec = ExportSpec(candidate.config, None, shape, candidate.output_op, dynamic)
    return outline_model(workshop.for_source(source), source, spec)
