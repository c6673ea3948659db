"""Executes a job: export, compress, score, prove and time every variant; failures are data."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.accuracy import measure_accuracy
from bench.crash import around_crashes
from bench.fingerprint import take_fingerprint
from bench.job import FP32, Job, Plan
from bench.picture_files import collect_pictures
from bench.predictions import find_labelled
from bench.result import (
    Accuracy,
    JobResult,
    Latency,
    NotMeasured,
    Picture,
    PrecisionProof,
)
from bench.rounds import WARMUP_RUNS, Patience, sample_in_rounds
from bench.timing import check_loads, prove_precision, timed_worker
from bench.trials import trial_accuracy
from bench.variant import (
    Variant,
    alive,
    prediction_folders,
    result_of,
    share_models,
    timed_model,
)
from compress.artifacts import (
    Artifact,
    ExportSpec,
    Workshop,
    export_artifact,
)
from compress.compression import CompressSpec, compress_artifact
from compress.doctor.facts import GraphFacts
from compress.errors import InputError, JobFailure
from compress.git import GitRepo
from compress.recipes.parse import cap_recipe, parse_recipe
from compress.source import (
    SuiteSource,
    find_data,
    find_training_data,
    lay_out_code,
)
from compress.suites import find_dialect
from compress.weights.published import Publisher, locate_weights

NO_WEIGHTS = "no weights"


@dataclass(frozen=True)
class Setting:
    """Everything outside the plan that execution needs."""

    repo: GitRepo
    workshop: Workshop
    data: Path | None
    out: Path
    say: Callable[[str], None]
    publisher: Publisher
    clock: Callable[[], float] = time.monotonic


@dataclass
class StageClock:
    """Seconds spent by stage."""

    clock: Callable[[], float]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = self.clock()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + round(self.clock() - start, 3)


def execute_job(plan: Plan, job: Job, setting: Setting) -> JobResult:
    """Runs one job; every failure of a variant becomes a ``Failed`` in the result."""
    stages = StageClock(setting.clock)
    start = setting.clock()
    sandbox = setting.workshop.sandbox
    variants = list(_variants(plan, job, setting))
    weights, missing = _weights(plan, job, variants, setting)
    for variant in variants:
        if variant.failure is not None:
            continue
        with stages.stage("export and compress"), _recording(variant):
            setting.say(f"{job.id}: {variant.name}: export and compress")
            variant.artifact = _make(plan, job, variant, weights, setting)
    share_models(variants)
    for variant in alive(variants):
        with stages.stage("accuracy"), _recording(variant):
            setting.say(f"{job.id}: {variant.name}: accuracy")
            variant.proof = _prove(job, variant, setting)
            variant.accuracy = _accuracy(plan, job, variant, missing, setting)
    with stages.stage("latency"):
        setting.say(f"{job.id}: latency, {len(alive(variants))} models taking turns")
        _time(plan, job, alive(variants), setting)
    with stages.stage("pictures"):
        pictures = _draw(job, variants, setting)
    return JobResult(
        job=job.id,
        base=plan.base,
        head=plan.head,
        fingerprint=take_fingerprint(plan.threads, sandbox.describe() if sandbox else ""),
        weights="trained" if weights else "initial",
        data="suite" if any(v.source.data for v in variants) else "synthetic",
        variants=tuple(result_of(job, variant, variants, setting.out) for variant in variants),
        pictures=pictures,
        duration_s=round(setting.clock() - start, 3),
        stage_s=stages.seconds,
        graph=_graph(variants),
    )


def _graph(variants: list[Variant]) -> GraphFacts | None:
    """What head's export is like, if there is one."""
    for variant in variants:
        if variant.side == "head" and variant.parsed is None and variant.artifact is not None:
            return variant.artifact.record.made.graph if variant.artifact.record else None
    return None


def _weights(
    plan: Plan, job: Job, variants: list[Variant], setting: Setting
) -> tuple[Path | None, str]:
    """The trained weights on this machine, or None and the reason; weights that are not what the
    manifest says stop every variant.
    """
    if job.weights is not None and job.weights.url is not None:
        setting.say(f"{job.id}: weights")
    try:
        return locate_weights(job.weights, Path(plan.manifest).parent, setting.publisher)
    except (InputError, JobFailure) as error:
        for variant in variants:
            with _recording(variant):
                raise error
        return None, str(error)


def _variants(plan: Plan, job: Job, setting: Setting) -> Iterator[Variant]:
    dialect = find_dialect(plan.dialect)
    for side, spec in sorted(job.sides.items()):
        code, code_id = lay_out_code(setting.repo, spec.commit, dialect, setting.workshop.store)
        data, _ = find_data(dialect.evaluation_data(spec.data_config), plan.data_dir, setting.data)
        source = SuiteSource(plan.dialect, code, code_id, plan.data_dir, data and setting.data)
        yield Variant(side, FP32, spec, source, None)
        if spec.recipe is not None:
            parsed = parse_recipe(spec.recipe, job.recipe_file or job.recipe)
            capped = cap_recipe(parsed, plan.budget.train_iter, plan.budget.ptq_batches)
            yield Variant(side, job.recipe, spec, source, capped)


@contextmanager
def _recording(variant: Variant) -> Iterator[None]:
    try:
        yield
    except JobFailure as failure:
        variant.failure = failure
    except InputError as error:
        variant.failure = JobFailure("input", "error", str(error))
    except Exception as error:  # noqa: BLE001  one variant must not take the report with it
        text = f"unexpected {type(error).__name__}: {error}"
        variant.failure = JobFailure("slimgate", "error", text, traceback.format_exc()[-3000:])


def _draw(job: Job, variants: list[Variant], setting: Setting) -> tuple[Picture, ...]:
    """Pictures are a help to the reader: what goes wrong with them costs nothing else."""
    before, after = prediction_folders(variants, "head")
    if before is None or after is None or before == after:
        return ()
    data = next(v.source.data_places for v in variants if v.side == "head")
    try:
        return collect_pictures(setting.workshop, job.id, (before, after), data, setting.out)
    except Exception as error:  # noqa: BLE001  predictions come from workers
        setting.say(f"{job.id}: no pictures: {type(error).__name__}: {error}")
        return ()


def _make(
    plan: Plan, job: Job, variant: Variant, weights: Path | None, setting: Setting
) -> Artifact:
    spec = ExportSpec(
        variant.spec.config, weights, job.input_shape, job.output_op, job.dynamic_shape
    )
    model = export_artifact(setting.workshop, variant.source, spec)
    if variant.parsed is None:
        return model
    dialect, config, shape = find_dialect(plan.dialect), variant.spec.data_config, job.input_shape
    data, _ = find_training_data(dialect, config, plan.data_dir, setting.data)
    training, _ = find_labelled(dialect, config, "training", plan.data_dir, setting.data)
    accuracy = trial_accuracy(
        setting.workshop,
        variant.source,
        config,
        training,
        weights,
        shape,
        job.delete_passes,
    )
    recipe = CompressSpec(variant.parsed, config, data, shape, accuracy=accuracy)
    made = compress_artifact(setting.workshop, variant.source, model, recipe)
    if variant.parsed.op_types and not made.op_types:
        raise JobFailure("compress", "error", "the recipe quantised nothing in this model")
    return made


def _prove(job: Job, variant: Variant, setting: Setting) -> PrecisionProof | None:
    """The proof of a quantised variant; notes what crashes in the engine."""
    if variant.target.precision == "fp32":
        return None
    model = timed_model(job, variant)
    proof, variant.crashing = around_crashes(model, lambda m: prove_precision(m, setting.workshop))
    return proof


def _accuracy(
    plan: Plan, job: Job, variant: Variant, missing: str, setting: Setting
) -> Accuracy | NotMeasured:
    """The accuracy, or why there is none; fp32 variants learn here what crashes in the engine."""
    config = variant.spec.data_config
    validation, reason = find_labelled(
        find_dialect(plan.dialect), config, "evaluation", plan.data_dir, setting.data
    )
    model = timed_model(job, variant)
    if missing or validation is None:
        _, found = around_crashes(model, lambda m: check_loads(m, setting.workshop))
        variant.crashing += found
        if missing:
            reason = NO_WEIGHTS if job.weights is None else f"no weights: {missing}"
        return NotMeasured(reason=reason)
    assert variant.artifact is not None
    artifact = variant.artifact
    accuracy, found = around_crashes(
        model,
        lambda m: measure_accuracy(
            setting.workshop,
            variant.source,
            m,
            artifact,
            config,
            validation,
            plan.budget.eval_images,
        ),
    )
    variant.crashing += found
    return accuracy


def _time(plan: Plan, job: Job, variants: list[Variant], setting: Setting) -> None:
    """Times all variants by turns; one that fails is dropped and the others start over."""
    budget = plan.budget.latency_s
    patience = Patience(budget, budget * 3)
    while variants:
        peaks: dict[str, int] = {}
        with ExitStack() as stack:
            runs = {}
            for variant in list(variants):
                with _recording(variant):
                    runs[variant.name] = stack.enter_context(
                        timed_worker(
                            timed_model(job, variant), setting.workshop, variant.name, peaks
                        )
                    )
            variants = [v for v in variants if not v.failure]
            current = {v.name: v for v in variants}
            try:
                rounds = sample_in_rounds(runs, patience, setting.clock)
            except JobFailure as failure:
                current[failure.stage.partition(": ")[2]].failure = failure
                variants = [v for v in variants if not v.failure]
                continue
        for variant in variants:
            variant.latency = Latency(
                target=variant.target.name,
                rounds_ms=tuple(tuple(r) for r in rounds[variant.name]),
                warmup_runs=WARMUP_RUNS,
                peak_memory_bytes=peaks[variant.name],
            )
        return
