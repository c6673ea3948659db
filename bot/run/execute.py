"""Runs a plan on this machine and writes its files: plan, results, report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bench.compare import compare_programs
from bench.engines.targets import find_runnable
from bench.execute import execute_job
from bench.job import JobSettings
from bench.machine import see_machine
from bench.programs import PROGRAMS, Comparison, NotCompared, settled_configs
from bench.result import Failed, failures_of
from bot.judge.report_files import write_report
from bot.plan.values import Plan
from bot.report.report import Report
from bot.run.folders import prepare_folder
from bot.run.kinds import HERE, find_kind
from compress.manifest import RunnerKind
from compress.runtimes.runtime import Runtime
from compress.workshop import Workshop
from core.errors import InputError
from core.git import GitRepo
from core.schema import write_json


def run_plan(
    plan: Plan,
    repo: GitRepo,
    out: Path,
    data: Path | None,
    workshop: Workshop,
    kind: str = HERE,
    base_runtime: Runtime | None = None,
) -> Report:
    """Executes every job; writes ``plan.json``, ``results/`` and the report; returns the report.

    Each result is written as soon as it is ready, and artifacts stay in the store, so that an
    interrupted run continues where it stopped.
    """
    execute_plan(plan, repo, out, data, workshop, kind, base_runtime)
    return write_report(plan, {kind: out / "results"}, out)


def execute_plan(
    plan: Plan,
    repo: GitRepo,
    out: Path,
    data: Path | None,
    workshop: Workshop,
    kind: str = HERE,
    base_runtime: Runtime | None = None,
) -> list[Failed]:
    """Executes every job; writes ``plan.json`` and ``results/``; returns the failures. ``data``
    replaces the suite's data folder; None if there is no data. ``kind``: of this runner;
    ``base_runtime``: that of base, where it is not the workshop's. Raises InputError for missing
    weights, or a target that is not available here, before anything is written.
    """
    check_weights(plan)
    measured = find_kind(plan.runners, kind, plan.manifest)
    for runtime in (workshop.runtime, base_runtime or workshop.runtime):
        for target in (measured.before, measured.after):
            find_runnable(target, see_machine(runtime))
    prepare_folder(out)
    write_json(out / "plan.json", plan)
    results_folder = out / "results"
    settings = job_settings(plan, data, measured)
    if base_runtime is not None:
        settings = replace(settings, runtimes={"base": base_runtime, "head": workshop.runtime})
    workshop = replace(workshop, stage_timeout_s=plan.budget.stage_timeout_s, threads=plan.threads)
    settled, failures = _compare(plan, settings, repo, workshop, results_folder)
    for job in plan.jobs:
        if job.only_by_code and job.config_file in settled:
            workshop.say(f"{job.id}: the same program on both sides, nothing to measure")
            continue
        result = execute_job(job, settings, repo, workshop, results_folder)
        write_json(results_folder / f"{job.id}.json", result)
        failures += failures_of(result)
    return failures


def _compare(
    plan: Plan, settings: JobSettings, repo: GitRepo, workshop: Workshop, folder: Path
) -> tuple[frozenset[str], list[Failed]]:
    """Compares the programs of all candidates and writes what came of it. Returns the configs of
    which equal programs leave nothing to measure, and the failures that only head has.
    """
    if not plan.candidates:
        return frozenset(), []
    compared: tuple[Comparison, ...] = ()
    for result in compare_programs(plan.candidates, settings, repo, workshop):
        write_json(folder / PROGRAMS, result)
        compared = result.candidates
    failed = [item for item in compared if isinstance(item, NotCompared) and item.only_head]
    return settled_configs(plan.candidates, compared), [f for item in failed for f in item.failures]


def job_settings(plan: Plan, data: Path | None, kind: RunnerKind) -> JobSettings:
    """What a job needs to know about its plan."""
    return JobSettings(
        base=plan.base,
        head=plan.head,
        dialect=plan.dialect,
        data_dir=plan.data_dir,
        data=data,
        weights_folder=Path(plan.manifest).parent,
        budget=plan.budget,
        kind=kind,
    )


def check_weights(plan: Plan) -> None:
    """Raises InputError if a weights file of the manifest does not exist."""
    for job in plan.jobs:
        if job.weights and job.weights.path:
            path = Path(plan.manifest).parent / job.weights.path
            if not path.is_file():
                raise InputError(
                    "the weights file does not exist",
                    file=plan.manifest,
                    key=f"models.{job.model}.weights.path",
                    given=str(path),
                    hint=f"put the file at {path}, or correct the manifest",
                )
