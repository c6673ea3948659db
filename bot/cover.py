"""Takes one model with one recipe through every stage, for a row of the coverage table."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial

from bench.accuracy import measure_accuracy
from bench.crash import around_crashes, describe_crash
from bench.fingerprint import cpu_flags, has_vnni
from bench.result import Accuracy
from bench.rounds import Patience, TimeRuns, sample_in_rounds
from bench.stats import median_interval, ratio_interval
from bench.targets import find_target, reference_for, target_for
from bench.timing import TimedModel, prove_precision, timed_worker
from bot.checkout import Checkout
from bot.coverage_row import CoverageRow, Failed
from bot.diagnosis import data_facts, time_shares, versions_facts
from bot.single import Single, choose_recipe, compress_single, recipe_path, resolve_single
from compress.artifacts import (
    Artifact,
    Workshop,
    export_artifact,
    load_artifact,
)
from compress.doctor.diagnose import diagnose
from compress.doctor.facts import DataFacts, FailureFacts, GraphFacts, ResultFacts, TargetFacts
from compress.doctor.rule import Subject
from compress.doctor.text import load_text
from compress.errors import InputError, JobFailure
from compress.finding import Finding
from compress.manifest import Budget, Model
from compress.recipes.inference_ops import inference_op_types
from compress.record import FAKE_QUANTISED
from compress.suites import find_dialect
from compress.versions import library_versions
from compress.weights.published import Publisher
from compress.worker_process import Usage


@dataclass(frozen=True)
class Known:
    """What the doctor may know beside the row."""

    graph: GraphFacts | None = None
    data: DataFacts | None = None


PATIENCE = Patience(wish_s=2.0, limit_s=5.0, warmup_runs=2)


def cover_model(
    row: CoverageRow,
    checkout: Checkout,
    model: Model,
    budget: Budget,
    workshop: Workshop,
    publisher: Publisher,
) -> CoverageRow:
    """The row with what could be measured, and with the failure that stopped it."""
    known = Known()
    try:
        chosen = choose_recipe(checkout, model, row.recipe, budget)
        one = resolve_single(checkout, model, chosen, workshop.store, publisher, row.shape)
        for further, seen in _stages(row, one, workshop):
            row, known = further, seen
    except JobFailure as failure:
        row = _ended(row, failure)
    except InputError as error:
        row = _ended(row, JobFailure("input", "error", str(error)))
    return row.model_copy(update={"findings": diagnose_row(row, known)})


def diagnose_row(row: CoverageRow, known: Known = Known()) -> tuple[Finding, ...]:
    """What the doctor says of the recipe on this model, and of what stopped it."""
    failure, result = None, None
    if row.failure is not None:
        failed = row.failure
        failure = FailureFacts(failed.stage, failed.kind, failed.message, failed.log_tail)
    if row.latency_ms is not None:
        low, every = row.proof.convolutions if row.proof else (None, None)
        accuracy = row.accuracy or (None, None)
        result = ResultFacts(
            accuracy_before=accuracy[0],
            accuracy_after=accuracy[1],
            chance=row.chance,
            latency_before_ms=row.latency_ms[0].value,
            latency_after_ms=row.latency_ms[1].value,
            speedup=(row.speedup.low, row.speedup.high) if row.speedup else None,
            low_precision=low,
            convolutions=every,
            vnni=has_vnni(cpu_flags()),
            **time_shares(row.proof),
        )
    subject = Subject(
        load_text(recipe_path(row.recipe)),
        graph=known.graph,
        target=TargetFacts(row.target or target_for(bool(row.quantised)).name),
        data=known.data,
        result=result,
        failure=failure,
        versions=versions_facts(library_versions()),
    )
    return tuple(diagnose(subject))


def _ended(row: CoverageRow, failure: JobFailure) -> CoverageRow:
    failed = Failed(
        stage=failure.stage, kind=failure.kind, message=failure.message, log_tail=failure.log_tail
    )
    return row.model_copy(update={"failure": failed})


def _stages(
    row: CoverageRow, one: Single, workshop: Workshop
) -> Iterator[tuple[CoverageRow, Known]]:
    """The row after each stage, and what else is known then; raises JobFailure where one fails."""
    exported = export_artifact(workshop, one.source, one.export)
    known = Known(exported.record.made.graph if exported.record else None)
    row = _with(
        row,
        "export",
        _usage(exported),
        data="suite" if one.data else "synthetic",
        weights="trained" if one.export.weights else "initial",
        remarks=exported.remarks,
    )
    yield row, known
    if one.recipe is None:
        return
    made = compress_single(one, exported, workshop)
    seen = made.record.made.data if made.record else None
    dialect, export = find_dialect(one.source.dialect), one.export
    data = data_facts(dialect, one.data_config, export.input_shape, export.dynamic_shape, seen)
    known = replace(known, data=data)
    row = _with(
        row,
        "compress",
        _usage(made),
        size_bytes=(exported.size_bytes, made.size_bytes),
        quantised=made.op_types,
        effects=made.effects,
        remarks=(*exported.remarks, *one.recipe.repairs, *made.remarks),
    )
    yield row, known
    row, timed = _run(row, one, (exported, made), workshop)
    yield row, known
    if one.export.weights is not None and one.validation is not None:
        yield _score(row, one, (exported, made), timed, workshop), known


def timed_pair(
    row: CoverageRow, one: Single, exported: Artifact, made: Artifact
) -> tuple[TimedModel, TimedModel]:
    """Both models as they are run: the compressed one on the row's target, by default oneDNN as it
    was quantised, the other on the same engine in fp32.
    """
    assert one.recipe is not None
    shape = one.export.input_shape
    target = find_target(row.target) if row.target else target_for(bool(one.recipe.op_types))
    op_types = inference_op_types(made.op_types) if target.precision == "int8" else ()
    before = TimedModel(exported.folder, reference_for(target), (), (), shape)
    return before, TimedModel(made.folder, target, tuple(op_types), (), shape)


def _run(
    row: CoverageRow, one: Single, models: tuple[Artifact, Artifact], workshop: Workshop
) -> tuple[CoverageRow, tuple[TimedModel, TimedModel]]:
    """The row with proof and latency, fp32 and compressed taking turns; and how they were run."""
    before, after = timed_pair(row, one, *models)
    start = time.monotonic()
    peaks: dict[str, int] = {}
    with ExitStack() as stack:

        def hold(name: str, model: TimedModel) -> TimeRuns:
            return stack.enter_context(timed_worker(model, workshop, name, peaks))

        fp32, crashing = around_crashes(before, partial(hold, "fp32"))
        before, after = (replace(model, left_out=crashing) for model in (before, after))
        compressed, found = around_crashes(after, partial(hold, "compressed"))
        crashing += found
        after = replace(after, left_out=crashing)
        proof = None if after.target.precision == "fp32" else prove_precision(after, workshop)
        runs = {"fp32": fp32, "compressed": compressed}
        rounds = sample_in_rounds(runs, PATIENCE, time.monotonic)
    usage = Usage(
        duration_s=round(time.monotonic() - start, 3), peak_memory_bytes=max(peaks.values())
    )
    row = _with(
        row,
        "run",
        usage,
        proof=proof,
        latency_ms=(median_interval(rounds["fp32"]), median_interval(rounds["compressed"])),
        speedup=ratio_interval(rounds["fp32"], rounds["compressed"]),
        remarks=(*row.remarks, *map(describe_crash, crashing)),
    )
    return row, (before, after)


def _score(
    row: CoverageRow,
    one: Single,
    models: tuple[Artifact, Artifact],
    timed: tuple[TimedModel, TimedModel],
    workshop: Workshop,
) -> CoverageRow:
    """The row with the accuracy of fp32, of compressed, and of what conversion started from."""
    (exported, made), (before, after) = models, timed

    def score(model: TimedModel, artifact: Artifact) -> Accuracy:
        assert one.validation is not None
        return measure_accuracy(
            workshop, one.source, model, artifact, one.data_config, one.validation, None
        )

    start = time.monotonic()
    fp32 = score(before, exported)
    accuracy = fp32.value, score(after, made).value
    fake = made.folder / FAKE_QUANTISED
    fake_quantised = None
    if fake.is_dir():
        native = TimedModel(fake, find_target("cpu-native-fp32"), (), (), before.shape)
        fake_quantised = score(native, load_artifact(fake, cached=True)).value
    usage = Usage(duration_s=round(time.monotonic() - start, 3))
    facts = {"accuracy": accuracy, "chance": fp32.chance, "fake_quantised": fake_quantised}
    return _with(row, "accuracy", usage, **facts)


def _with(row: CoverageRow, stage: str, usage: Usage, **facts: object) -> CoverageRow:
    return row.model_copy(update={"costs": {**row.costs, stage: usage}, **facts})


def _usage(artifact: Artifact) -> Usage:
    return artifact.record.usage if artifact.record else Usage()
