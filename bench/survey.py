"""Runs one model with one recipe through every stage and fills a row of the survey's table."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.crash import describe_crash
from bench.deployment import Deployment, deploy
from bench.engines.targets import find_target, reference_for, target_for
from bench.facts import data_facts, failure_facts, pair_facts, versions_facts
from bench.make import Blueprint, make_compressed, make_export, require_fit, scorer
from bench.result import Accuracy
from bench.rounds import Patience
from bench.single import choose_recipe, recipe_path, single_blueprint
from bench.stats import median_interval, ratio_interval
from bench.survey_row import RowFailure, SurveyRow
from bench.together import Contender, Outcome, Timing, measure_together
from compress.artifacts.artifact import Artifact, load_artifact
from compress.artifacts.record import FAKE_QUANTISED
from compress.checkout import Checkout
from compress.doctor.diagnose import diagnose
from compress.doctor.facts import DataFacts, GraphFacts, ResultFacts, TargetFacts
from compress.doctor.rule import Subject
from compress.doctor.text import load_text
from compress.manifest import Budget, Model
from compress.runtimes.runtime import Runtime
from compress.suites import find_dialect
from compress.versions import library_versions
from compress.worker.process import Usage
from compress.workshop import Workshop
from core.errors import InputError, JobFailure
from core.finding import Finding

PATIENCE = Patience(wish_s=2.0, limit_s=5.0, warmup_runs=2)
BEFORE, AFTER = "fp32", "compressed"


@dataclass(frozen=True)
class RowFacts:
    """Facts for the doctor that the row does not hold."""

    graph: GraphFacts | None = None
    data: DataFacts | None = None


def survey_model(
    row: SurveyRow, checkout: Checkout, model: Model, budget: Budget, workshop: Workshop
) -> SurveyRow:
    """The row with every measurement that succeeded, and with the first failure."""
    facts = RowFacts()
    try:
        recipe = choose_recipe(checkout, model, row.recipe, budget)
        blueprint = single_blueprint(checkout, model, recipe, workshop, row.shape)
        for state in _stages(row, blueprint, workshop):
            row, facts = state
    except JobFailure as failure:
        row = _failed(row, failure)
    except InputError as error:
        row = _failed(row, JobFailure("input", "error", str(error)))
    return row.model_copy(update={"findings": diagnose_row(row, workshop.runtime, facts)})


def diagnose_row(
    row: SurveyRow, runtime: Runtime, facts: RowFacts = RowFacts()
) -> tuple[Finding, ...]:
    """The doctor's findings on the recipe, its result with this model, and its failure."""
    subject = Subject(
        load_text(recipe_path(row.recipe)),
        graph=facts.graph,
        target=TargetFacts(row.target or target_for(bool(row.quantised)).name),
        data=facts.data,
        result=_result_facts(row),
        failure=failure_facts(row.failure) if row.failure else None,
        versions=versions_facts(library_versions(runtime)),
    )
    return tuple(diagnose(subject))


def _result_facts(row: SurveyRow) -> ResultFacts | None:
    if row.latency_ms is None:
        return None
    before, after = row.accuracy or (None, None)
    return pair_facts(
        accuracy=(before, after),
        chance=row.chance,
        latency_ms=(row.latency_ms[0].value, row.latency_ms[1].value),
        speedup=row.speedup,
        proof=row.proof,
    )


def _failed(row: SurveyRow, failure: JobFailure) -> SurveyRow:
    """The row with this failure, unless it has an earlier one."""
    if row.failure is not None:
        return row
    failed = RowFailure(
        stage=failure.stage, kind=failure.kind, message=failure.message, log_tail=failure.log_tail
    )
    return row.model_copy(update={"failure": failed})


def _stages(
    row: SurveyRow, blueprint: Blueprint, workshop: Workshop
) -> Iterator[tuple[SurveyRow, RowFacts]]:
    """The row after each stage, with further facts; raises JobFailure if the model cannot be
    exported or compressed.
    """
    exported = make_export(blueprint, workshop)
    blueprint = require_fit(blueprint, exported)
    facts = RowFacts(exported.record.made.graph if exported.record else None)
    row = _with_cost(
        row,
        "export",
        _usage(exported),
        data="suite" if blueprint.training_data else "synthetic",
        weights="trained" if blueprint.export.weights else "initial",
        remarks=_before_measuring(blueprint, exported),
    )
    yield row, facts
    if blueprint.recipe is None:
        return
    compressed = make_compressed(blueprint, exported, workshop)
    facts = replace(facts, data=_data_facts(blueprint, compressed))
    row = _with_cost(
        row,
        "compress",
        _usage(compressed),
        size_bytes=(exported.size_bytes, compressed.size_bytes),
        quantised=compressed.op_types,
        effects=compressed.effects,
        remarks=(
            *_before_measuring(blueprint, exported),
            *blueprint.recipe.repairs,
            *compressed.remarks,
        ),
    )
    yield row, facts
    yield _measure(row, blueprint, exported, compressed, workshop), facts


def _before_measuring(blueprint: Blueprint, exported: Artifact) -> tuple[str, ...]:
    """The remarks on the export, and on what keeps accuracy from being measured."""
    obstacle = blueprint.obstacle
    if obstacle is None:
        return exported.remarks
    return (*exported.remarks, f"accuracy not measured: {obstacle.reason}: {obstacle.details}")


def _data_facts(blueprint: Blueprint, compressed: Artifact) -> DataFacts:
    calibration = compressed.record.made.data if compressed.record else None
    dialect, export = find_dialect(blueprint.source.dialect), blueprint.export
    config = blueprint.data_config
    return data_facts(dialect, config, export.input_shape, export.dynamic_shape, calibration)


def deployed_pair(
    row: SurveyRow, blueprint: Blueprint, exported: Artifact, compressed: Artifact
) -> tuple[Deployment, Deployment]:
    """Both deployments: fp32 and compressed. The compressed model runs on the row's target, by
    default in int8 if it was quantised; fp32 runs on the same engine.
    """
    shape = blueprint.export.input_shape
    after = deploy(compressed, shape, find_target(row.target) if row.target else None)
    return deploy(exported, shape, reference_for(after.target)), after


def _measure(
    row: SurveyRow,
    blueprint: Blueprint,
    exported: Artifact,
    compressed: Artifact,
    workshop: Workshop,
) -> SurveyRow:
    """The row with proof, latency and accuracy; fp32 and compressed take turns."""
    before, after = deployed_pair(row, blueprint, exported, compressed)
    contenders = {
        BEFORE: Contender(before, scorer(blueprint, exported.content_hash, workshop, None)),
        AFTER: Contender(after, scorer(blueprint, compressed.content_hash, workshop, None)),
    }
    start = time.monotonic()
    outcomes = measure_together(contenders, workshop, PATIENCE, workshop.say)
    crashed = dict.fromkeys(name for outcome in outcomes.values() for name in outcome.crashed)
    row = row.model_copy(update={"remarks": (*row.remarks, *map(describe_crash, crashed))})
    row = _with_timings(row, outcomes, time.monotonic() - start)
    row = _with_accuracies(row, blueprint, compressed, outcomes, workshop)
    for outcome in outcomes.values():
        for failure in outcome.failures:
            row = _failed(row, failure)
    return row


def _with_timings(row: SurveyRow, outcomes: dict[str, Outcome], seconds: float) -> SurveyRow:
    """The row with the proof if there is one, and with latencies if both models were timed."""
    proof = outcomes[AFTER].proof
    if proof is not None and not isinstance(proof, JobFailure):
        row = row.model_copy(update={"proof": proof})
    before, after = outcomes[BEFORE].timing, outcomes[AFTER].timing
    if not isinstance(before, Timing) or not isinstance(after, Timing):
        return row
    scoring = sum(outcome.scoring_s for outcome in outcomes.values())
    peak = max(before.peak_memory_bytes, after.peak_memory_bytes)
    usage = Usage(duration_s=round(max(0.0, seconds - scoring), 3), peak_memory_bytes=peak)
    return _with_cost(
        row,
        "run",
        usage,
        latency_ms=(median_interval(before.rounds_ms), median_interval(after.rounds_ms)),
        speedup=ratio_interval(before.rounds_ms, after.rounds_ms),
    )


def _with_accuracies(
    row: SurveyRow,
    blueprint: Blueprint,
    compressed: Artifact,
    outcomes: dict[str, Outcome],
    workshop: Workshop,
) -> SurveyRow:
    """The row with accuracies, if both models were scored: of fp32, of the compressed model, and of
    the latter before conversion.
    """
    before, after = outcomes[BEFORE].accuracy, outcomes[AFTER].accuracy
    if not isinstance(before, Accuracy) or not isinstance(after, Accuracy):
        return row
    scoring = sum(outcome.scoring_s for outcome in outcomes.values())
    row = _with_cost(
        row,
        "accuracy",
        Usage(duration_s=round(scoring, 3)),
        accuracy=(before.value, after.value),
        chance=before.chance,
    )
    try:
        trained = _fake_quantised_accuracy(blueprint, compressed, workshop)
    except JobFailure as failure:
        return _failed(row, failure)
    return row.model_copy(update={"fake_quantised": trained})


def _fake_quantised_accuracy(
    blueprint: Blueprint, compressed: Artifact, workshop: Workshop
) -> float | None:
    """The accuracy of the model as it was trained, before conversion; None if the method did not
    keep that model. Raises JobFailure.
    """
    folder = compressed.folder / FAKE_QUANTISED
    if not folder.is_dir():
        return None
    trained = load_artifact(folder, cached=True)
    score = scorer(blueprint, trained.content_hash, workshop, None)
    native = deploy(trained, blueprint.export.input_shape, find_target("cpu-native-fp32"))
    return score(native).value if score else None


def _with_cost(row: SurveyRow, stage: str, usage: Usage, **facts: object) -> SurveyRow:
    return row.model_copy(update={"costs": {**row.costs, stage: usage}, **facts})


def _usage(artifact: Artifact) -> Usage:
    return artifact.record.usage if artifact.record else Usage()
