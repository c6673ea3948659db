"""Executes a job: makes every variant and measures them together; failures become data."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.dynamic_shape.evaluated import with_shape_ranges
from bench.fingerprint import take_fingerprint
from bench.job import Job, JobSettings
from bench.make import Blueprint, draw_blueprint, make_with_fit, measured_shape, scorer
from bench.pictures import collect_pictures
from bench.placement import place
from bench.result import Accuracy, JobResult, Picture
from bench.results_of import variant_results
from bench.rounds import Patience
from bench.sources import side_source
from bench.together import Contender, Outcome, caught, measure_together
from bench.variant import FP32, Variant
from compress.artifacts.artifact import Artifact
from compress.artifacts.spec import ExportSpec
from compress.doctor.facts import GraphFacts
from compress.recipes.parse import ParsedRecipe, cap_recipe, parse_recipe
from compress.weights.published import locate_weights
from compress.workshop import Workshop
from core.errors import JobFailure
from core.git import GitRepo

NO_WEIGHTS = "no weights"


@dataclass
class StageClock:
    """Seconds spent by stage."""

    clock: Callable[[], float]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Adds the time spent inside; a stage that raises adds nothing."""
        start = self.clock()
        yield
        self.add(name, self.clock() - start)

    def add(self, name: str, seconds: float) -> None:
        """Adds seconds, or moves them to another stage if negative; rounding leaves no less than
        none.
        """
        self.seconds[name] = max(0.0, round(self.seconds.get(name, 0.0) + seconds, 3))


def execute_job(
    job: Job,
    settings: JobSettings,
    repo: GitRepo,
    workshop: Workshop,
    out: Path,
    clock: Callable[[], float] = time.monotonic,
) -> JobResult:
    """Runs one job; every failure becomes part of the result. Statistics and pictures are written
    below ``out``.
    """
    stages, start = StageClock(clock), clock()
    blueprints: dict[Variant, Blueprint] = {}
    artifacts: dict[Variant, Artifact | JobFailure] = {}
    with stages.stage("export and compress"), caught() as failures:
        blueprints = dict(_blueprints(job, settings, repo, workshop))
        for variant, blueprint in blueprints.items():
            made = _make(job, variant, blueprint, workshop)
            blueprints[variant], artifacts[variant] = made
    if failures:
        artifacts = dict.fromkeys(job.variants(), failures[0])
    models = {v: artifact for v, artifact in artifacts.items() if isinstance(artifact, Artifact)}
    origins = share_models(blueprints, models)
    outcomes = _measure(job, settings, blueprints, models, origins, workshop, stages, clock)
    with stages.stage("pictures"):
        pictures = _draw(job, blueprints, origins, outcomes, workshop, out)
    sandbox = workshop.sandbox
    weights = {blueprint.export.weights for blueprint in blueprints.values()}
    return JobResult(
        job=job.id,
        base=settings.base,
        head=settings.head,
        fingerprint=take_fingerprint(
            workshop.threads, workshop.runtime, sandbox.describe() if sandbox else ""
        ),
        weights="trained" if weights and None not in weights else "initial",
        data="suite" if any(b.source.data for b in blueprints.values()) else "synthetic",
        variants=variant_results(job.id, blueprints, artifacts, origins, outcomes, out),
        pictures=pictures,
        runtimes={side: runtime.name for side, runtime in settings.runtimes.items()},
        duration_s=round(clock() - start, 3),
        stage_s=stages.seconds,
        graph=_graph(artifacts),
    )


def _blueprints(
    job: Job, settings: JobSettings, repo: GitRepo, workshop: Workshop
) -> Iterator[tuple[Variant, Blueprint]]:
    """The blueprint of each variant. Raises InputError or JobFailure, among others for weights that
    differ from what the manifest says.
    """
    budget = settings.budget
    weights, missing = _locate_weights(job, settings, workshop)
    for side, spec in sorted(job.sides.items()):
        source = side_source(settings, side, spec.commit, spec.change, repo, workshop)
        shape = measured_shape(settings.dialect, spec.config, spec.input_shape)
        placement = place(settings.kind, job.targets)
        dynamic = job.dynamic_shape or placement.dynamic_shape
        export = ExportSpec(spec.config, weights, shape, job.output_op, dynamic)
        recipes: dict[str, ParsedRecipe | None] = {FP32: None}
        if spec.recipe is not None:
            parsed = parse_recipe(spec.recipe, job.recipe_file or job.recipe)
            recipes[job.recipe] = cap_recipe(parsed, budget.train_iter, budget.ptq_batches)
        for name, recipe in recipes.items():
            left_out = job.delete_passes if recipe else ()
            blueprint = draw_blueprint(
                source,
                export,
                recipe,
                spec.data_config,
                settings.data,
                missing,
                left_out,
                placement,
            )
            yield Variant(side, name), replace(blueprint, data_file=spec.data_file)


def _locate_weights(job: Job, settings: JobSettings, workshop: Workshop) -> tuple[Path | None, str]:
    """The trained weights on this machine, or None and the reason why accuracy is not measured."""
    if job.weights is not None and job.weights.url is not None:
        workshop.say(f"{job.id}: get the published weights")
    assert workshop.publisher is not None
    weights, missing = locate_weights(job.weights, settings.weights_folder, workshop.publisher)
    if weights is not None:
        return weights, ""
    return None, NO_WEIGHTS if job.weights is None else f"{NO_WEIGHTS}: {missing}"


def _make(
    job: Job, variant: Variant, blueprint: Blueprint, workshop: Workshop
) -> tuple[Blueprint, Artifact | JobFailure]:
    """The variant's model or the failure to make it, with the blueprint that then holds."""
    workshop.say(f"{job.id}: {variant}: export and compress")
    with caught() as failures:
        return make_with_fit(blueprint, workshop)
    return blueprint, failures[0]


def share_models(
    blueprints: Mapping[Variant, Blueprint], models: Mapping[Variant, Artifact]
) -> dict[Variant, Variant]:
    """By variant, the first one with the same model, input, target, suite code, runtime and data:
    its measurements hold for all of them.
    """
    first: dict[tuple[object, ...], Variant] = {}
    origins = {}
    for variant, artifact in models.items():
        blueprint = blueprints[variant]
        deployed = blueprint.deploy(artifact)
        runtime = (
            deployed.shape,
            deployed.target.name,
            deployed.op_types,
            blueprint.source.code_id,
            blueprint.source.runtime.name,
        )
        key = (artifact.content_hash, *runtime, str(blueprint.data_config))
        origins[variant] = first.setdefault(key, variant)
    return origins


def _measure(
    job: Job,
    settings: JobSettings,
    blueprints: Mapping[Variant, Blueprint],
    models: Mapping[Variant, Artifact],
    origins: Mapping[Variant, Variant],
    workshop: Workshop,
    stages: StageClock,
    clock: Callable[[], float],
) -> dict[Variant, Outcome]:
    """The outcome of each variant that shares no other's measurements."""
    limit, seconds = settings.budget.eval_images, settings.budget.latency_s
    contenders = {
        variant: _contender(blueprints[variant], artifact, workshop, limit)
        for variant, artifact in models.items()
        if origins[variant] == variant
    }
    with stages.stage("latency"):
        outcomes = measure_together(
            {str(variant): contender for variant, contender in contenders.items()},
            workshop,
            Patience(seconds, seconds * 3),
            lambda text: workshop.say(f"{job.id}: {text}"),
            clock,
        )
    scoring = sum(outcome.scoring_s for outcome in outcomes.values())
    stages.add("accuracy", scoring)
    stages.add("latency", -scoring)
    return {variant: outcomes[str(variant)] for variant in contenders}


def _contender(
    blueprint: Blueprint, artifact: Artifact, workshop: Workshop, limit: int | None
) -> Contender:
    """The model on its target, with what its engine has to know before it is built."""
    score = scorer(blueprint, artifact.content_hash, workshop, limit)
    runtime = blueprint.source.runtime
    with caught() as failures:
        return Contender(with_shape_ranges(blueprint, artifact, workshop), score, runtime=runtime)
    return Contender(blueprint.deploy(artifact), score, failures[0], runtime)


def _draw(
    job: Job,
    blueprints: Mapping[Variant, Blueprint],
    origins: Mapping[Variant, Variant],
    outcomes: Mapping[Variant, Outcome],
    workshop: Workshop,
    out: Path,
) -> tuple[Picture, ...]:
    """Pictures of head's disagreements; none if drawing fails, which costs no other result."""
    pair = (Variant("head", FP32), Variant("head", job.recipe))
    scored = [outcomes[origins[v]].accuracy for v in pair if v in origins]
    folders = [Path(a.statistics).parent for a in scored if isinstance(a, Accuracy)]
    if len(set(folders)) != 2:
        return ()
    reads = blueprints[pair[0]].source.data_places
    try:
        return collect_pictures(workshop, job.id, (folders[0], folders[1]), reads, out)
    except Exception as error:  # noqa: BLE001  predictions come from workers
        workshop.say(f"{job.id}: no pictures: {type(error).__name__}: {error}")
        return ()


def _graph(artifacts: Mapping[Variant, Artifact | JobFailure]) -> GraphFacts | None:
    """Facts about head's exported program; None if it was not exported."""
    exported = artifacts.get(Variant("head", FP32))
    record = exported.record if isinstance(exported, Artifact) else None
    return record.made.graph if record else None
