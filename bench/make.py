"""Makes a model from a config and a recipe, and finds the data that it can be scored on.

All artifacts are made here: jobs, the survey and ``slimgate compress`` each draw a ``Blueprint``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from bench.accuracy import measure_accuracy
from bench.deployment import Deployment
from bench.labelled import find_labelled
from bench.metrics.base import LabelledData
from bench.placement import Placement
from bench.result import Accuracy
from bench.shown import covers_of
from bench.trials import trial_accuracy
from compress.artifacts.artifact import Artifact
from compress.artifacts.compression import compress_artifact
from compress.artifacts.export import export_artifact
from compress.artifacts.spec import CompressSpec, ExportSpec
from compress.recipes.parse import ParsedRecipe
from compress.source import SuiteSource, find_training_data
from compress.suites import find_dialect, find_suite
from compress.suites.dialect import Document
from compress.workshop import Workshop
from core.errors import JobFailure


@dataclass(frozen=True)
class Obstacle:
    """Why accuracy cannot be measured although there are weights: in a few words, and in detail."""

    reason: str
    details: str


@dataclass(frozen=True)
class Blueprint:
    """Everything that one model is made from.

    ``recipe``: None for fp32. ``data_config``: the resolved config by which data are read;
    ``data_file``: its file.
    ``training_data``: the folders that compression reads; None for synthetic batches, and then
    ``no_data`` says why. ``validation``: the images for accuracy; None if they are missing, and
    then ``no_validation`` says why. ``trials``: the images that a search may be judged on.
    ``no_weights``: why the weights are initial ones; empty for trained weights. ``misfit``: how the
    trained weights differ from the network; empty if they fit. ``unmeasurable``: the key and the
    reason why the suite's evaluation cannot be repeated; empty if it can. ``left_out``: graph
    passes that the case deletes; ``placement``: the targets.
    """

    source: SuiteSource
    export: ExportSpec
    recipe: ParsedRecipe | None
    data_config: Document
    training_data: tuple[Path, ...] | None
    no_data: str
    validation: LabelledData | None
    no_validation: str
    trials: LabelledData | None
    no_weights: str
    left_out: tuple[str, ...] = ()
    placement: Placement = field(default_factory=Placement)
    misfit: str = ""
    unmeasurable: str = ""
    data_file: str = ""

    def deploy(self, artifact: Artifact) -> Deployment:
        """The model that was made from it, on its target."""
        return self.placement.deploy(
            artifact,
            self.export.input_shape,
            compressed=self.recipe is not None,
            left_out=self.left_out,
        )

    @property
    def not_scored(self) -> str:
        """Why accuracy cannot be measured; empty if it can."""
        if self.obstacle is not None:
            return self.obstacle.reason
        return self.no_weights or ("" if self.validation else self.no_validation)

    @property
    def obstacle(self) -> Obstacle | None:
        """What somebody has to cure before accuracy can be measured."""
        if self.misfit:
            cure = "publish weights of this network, and name them in the manifest"
            return Obstacle("weights do not fit", f"{self.misfit}; {cure}")
        if self.unmeasurable and not self.no_weights:
            details = ": ".join(filter(None, (self.data_file, self.unmeasurable)))
            return Obstacle("the suite's evaluation cannot be repeated", details)
        if self._calibrated_on_noise and self.validation and not self.no_weights:
            return Obstacle("no training data to compress with", self.no_data)
        return None

    @property
    def _calibrated_on_noise(self) -> bool:
        """An accuracy on real images would then tell of the missing data, not of the model."""
        return self.recipe is not None and self.training_data is None


def draw_blueprint(
    source: SuiteSource,
    export: ExportSpec,
    recipe: ParsedRecipe | None,
    data_config: Document,
    data: Path | None,
    no_weights: str,
    left_out: tuple[str, ...] = (),
    placement: Placement | None = None,
) -> Blueprint:
    """Finds the data that the config names below ``data``, the real folder behind the suite's data
    folder. The blueprint's source has that folder if any of its data sets is present.
    """
    dialect, data_dir = find_dialect(source.dialect), source.data_dir
    training_data, no_data = find_training_data(dialect, data_config, data_dir, data)
    counting = find_suite(source.dialect).counting(source.read_code)
    validation, no_validation = find_labelled(
        dialect, data_config, "evaluation", data_dir, data, counting
    )
    trials, _ = find_labelled(dialect, data_config, "training", data_dir, data, counting)
    present = training_data is not None or validation is not None
    return Blueprint(
        source=replace(source, data=data if present else None),
        export=export,
        recipe=recipe,
        data_config=data_config,
        training_data=training_data,
        no_data=no_data,
        validation=validation,
        no_validation=no_validation,
        trials=trials,
        no_weights=no_weights,
        left_out=left_out,
        placement=placement or Placement(),
        unmeasurable=_unmeasurable(source.dialect, export, data_config),
    )


def _unmeasurable(dialect: str, export: ExportSpec, data_config: Document) -> str:
    unmeasured = find_suite(dialect).unmeasured(export.resolved, data_config, export.output_op)
    return next((f"{error.key}: {error.message}" for error in unmeasured), "")


def measured_shape(dialect: str, config: Document, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The input shape (N, C, H, W) with the number of channels that the model config says, if it
    says one: a change to it changes the network, and the manifest is the base branch's.
    """
    channels = find_suite(dialect).channels(config)
    return shape if channels is None else (shape[0], channels, *shape[2:])


def require_fit(blueprint: Blueprint, exported: Artifact) -> Blueprint:
    """The blueprint of an exported model: without trained weights if they do not fit, since most of
    the network may then hold random values. The model can still be compressed and timed.
    """
    if not exported.weights_misfit:
        return blueprint
    untrained = replace(blueprint.export, weights=None)
    return replace(blueprint, export=untrained, misfit=exported.weights_misfit)


def make_model(blueprint: Blueprint, workshop: Workshop) -> Artifact:
    """The exported model, compressed if the blueprint has a recipe; raises JobFailure."""
    return make_with_fit(blueprint, workshop)[1]


def make_with_fit(blueprint: Blueprint, workshop: Workshop) -> tuple[Blueprint, Artifact]:
    """The model with the blueprint that holds after its export; raises JobFailure."""
    exported = make_export(blueprint, workshop)
    blueprint = require_fit(blueprint, exported)
    return blueprint, (
        make_compressed(blueprint, exported, workshop) if blueprint.recipe else exported
    )


def make_export(blueprint: Blueprint, workshop: Workshop) -> Artifact:
    """The fp32 model; raises JobFailure."""
    source = blueprint.source
    return export_artifact(workshop.for_source(source), source, blueprint.export)


def make_compressed(blueprint: Blueprint, exported: Artifact, workshop: Workshop) -> Artifact:
    """The compressed model; raises JobFailure, also if a quantising recipe quantised nothing."""
    recipe, shape = blueprint.recipe, blueprint.export.input_shape
    assert recipe is not None
    workshop = workshop.for_source(blueprint.source)
    accuracy = trial_accuracy(
        workshop,
        blueprint.source,
        blueprint.data_config,
        blueprint.trials,
        blueprint.export.weights,
        blueprint.deploy,
    )
    spec = CompressSpec(
        recipe, blueprint.data_config, blueprint.training_data, shape, accuracy=accuracy
    )
    if blueprint.validation is not None:
        spec = replace(spec, covers=partial(covers_of, blueprint.validation, blueprint.trials))
    artifact = compress_artifact(workshop, blueprint.source, exported, spec)
    if recipe.op_types and not artifact.op_types:
        raise JobFailure("compress", "error", "the recipe quantised nothing in this model")
    return artifact


def scorer(
    blueprint: Blueprint, content_hash: str, workshop: Workshop, limit: int | None
) -> Callable[[Deployment], Accuracy] | None:
    """A function that scores deployments of the model with that hash on at most ``limit`` images
    (None: all); None if accuracy cannot be measured.
    """
    validation = blueprint.validation
    if blueprint.not_scored or validation is None:
        return None
    return lambda model: measure_accuracy(
        workshop.for_source(blueprint.source),
        blueprint.source,
        model,
        content_hash,
        blueprint.data_config,
        validation,
        limit,
    )
