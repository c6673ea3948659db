"""Models are made from blueprints, which say by what they can be judged."""

from dataclasses import replace

import pytest

from bench.deployment import deploy
from bench.make import (
    draw_blueprint,
    make_compressed,
    make_export,
    make_model,
    make_with_fit,
    scorer,
)
from compress.artifacts.compression import compress_artifact
from compress.artifacts.spec import ExportSpec
from compress.recipes.parse import parse_recipe
from compress.sandbox.covers import Cover
from compress.source import SuiteSource
from core.errors import JobFailure
from tests.bench.conftest import SHAPE, data_sections, label_images

PTQ = parse_recipe({"QuantPost": {"quantize_op_types": ["conv2d"]}}, "ptq.yaml")
PRUNE = parse_recipe({"ChannelPrune": {"pruned_ratio": 0.5}, "Distillation": {}}, "prune.yaml")
CONFIG = data_sections("t", "v")


@pytest.fixture
def data(tmp_path):
    label_images(tmp_path / "data" / "t", "train.txt", "ef")
    label_images(tmp_path / "data" / "v", "val.txt", "abcd")
    return tmp_path / "data"


def draw(data, recipe=None, script=None, no_weights="", weights=None):
    source = SuiteSource("paddleseg", None, "code", "data", None)
    export = ExportSpec({"model": script or {}}, weights, SHAPE, "none")
    return draw_blueprint(source, export, recipe, CONFIG, data, no_weights)


def test_a_blueprint_knows_the_data_of_each_purpose(data):
    blueprint = draw(data)
    assert blueprint.source.data == data
    assert blueprint.training_data == (data / "t", data / "v")
    assert (blueprint.validation.folder, blueprint.validation.split) == (data / "v", "evaluation")
    assert blueprint.validation.index == (data / "v" / "val.txt").resolve()
    assert (blueprint.trials.folder, blueprint.trials.split) == (data / "t", "training")
    assert (blueprint.no_data, blueprint.no_validation, blueprint.not_scored) == ("", "", "")


def test_a_model_that_was_compressed_on_noise_is_not_scored(data):
    (data / "t" / "train.txt").unlink()
    assert (draw(data).source.data, draw(data).not_scored) == (data, "")
    blueprint = draw(data, PTQ)
    assert (blueprint.training_data, blueprint.trials) == (None, None)
    assert blueprint.no_data == "no data: data/t/train.txt is missing"
    assert blueprint.not_scored == "no training data to compress with"
    assert blueprint.obstacle.details == blueprint.no_data
    assert draw(data, PTQ, no_weights="no weights").not_scored == "no weights"


def test_without_any_data_the_source_has_none(tmp_path):
    blueprint = draw(tmp_path / "gone")
    assert blueprint.source.data is None
    assert blueprint.not_scored == blueprint.no_validation == "no data at data/v"


def test_missing_weights_are_named_before_missing_data(tmp_path):
    assert draw(tmp_path, no_weights="no weights").not_scored == "no weights"


def test_a_model_is_exported_and_compressed_only_by_a_recipe(models, workshop, tmp_path):
    script = {"name": "m", "compressed": {"name": "m8", "quantised": ["conv2d"]}}
    exported = make_model(draw(tmp_path, script=script), workshop)
    assert (exported.op_types, exported.cached) == ((), False)
    compressed = make_model(draw(tmp_path, PTQ, script), workshop)
    assert compressed.op_types == ("conv2d",)
    assert compressed.content_hash != exported.content_hash
    assert make_export(draw(tmp_path, PTQ, script), workshop).cached


def test_a_recipe_that_quantises_nothing_is_a_failure(models, workshop, tmp_path):
    blueprint = draw(tmp_path, PTQ)
    exported = make_export(blueprint, workshop)
    with pytest.raises(JobFailure, match="the recipe quantised nothing in this model") as caught:
        make_compressed(blueprint, exported, workshop)
    assert (caught.value.stage, caught.value.kind) == ("compress", "error")


def test_a_recipe_that_does_not_quantise_need_not_have(models, workshop, tmp_path):
    assert make_model(draw(tmp_path, PRUNE), workshop).op_types == ()


def test_weights_that_do_not_fit_count_as_none_and_the_model_is_made(models, workshop, data):
    script = {"weights_misfit": "1 of 2 arrays (a: …)", "compressed": {"quantised": ["conv2d"]}}
    weights = data / "w.pdparams"
    weights.write_text("weights")
    blueprint, artifact = make_with_fit(draw(data, PTQ, script, weights=weights), workshop)
    assert artifact.op_types == ("conv2d",)
    assert (blueprint.export.weights, blueprint.misfit) == (None, "1 of 2 arrays (a: …)")
    assert blueprint.not_scored == "weights do not fit"
    assert scorer(blueprint, "hash", workshop, None) is None


def test_weights_that_fit_leave_the_blueprint_as_it_is(models, workshop, data):
    weights = data / "w.pdparams"
    weights.write_text("weights")
    drawn = draw(data, script={}, weights=weights)
    assert make_with_fit(drawn, workshop)[0] == drawn


@pytest.mark.parametrize(("no_weights", "scored"), [("", True), ("no weights", False)])
def test_a_model_is_scored_where_weights_and_data_are(data, workshop, no_weights, scored):
    blueprint = draw(data, no_weights=no_weights)
    assert (scorer(blueprint, "hash", workshop, None) is not None) == scored
    assert scorer(replace(blueprint, validation=None), "hash", workshop, None) is None


def test_the_scorer_measures_the_deployment_that_it_gets(models, workshop, data):
    blueprint = draw(data, script={"quality": 0.7})
    exported = make_export(blueprint, workshop)
    measure = scorer(blueprint, exported.content_hash, workshop, 3)
    accuracy = measure(deploy(exported, SHAPE))
    assert (accuracy.value, accuracy.images) == (0.7, 3)


def test_a_worker_that_compresses_does_not_see_what_the_model_is_scored_by(
    models, workshop, data, monkeypatch
):
    specs = []

    def compress(workshop, source, exported, spec):
        specs.append(spec)
        return compress_artifact(workshop, source, exported, spec)

    monkeypatch.setattr("bench.make.compress_artifact", compress)
    make_model(draw(data, PTQ, {"compressed": {"quantised": ["conv2d"]}}), workshop)
    (spec,) = specs
    assert spec.covers() == (Cover(data / "v" / "labels", frozenset()),)


def test_absent_classes_count_as_the_code_of_the_side_says(data, tmp_path):
    metrics = tmp_path / "code" / "paddleseg" / "utils" / "metrics.py"
    metrics.parent.mkdir(parents=True)
    metrics.write_text("def mean_iou(areas):\n    iou = 1\n")
    source = SuiteSource("paddleseg", tmp_path / "code", "code", "data", None)
    blueprint = draw_blueprint(source, ExportSpec({}, None, SHAPE, "none"), None, CONFIG, data, "")
    for labelled in (blueprint.validation, blueprint.trials):
        assert labelled.scoring.settings["absent"] == 1
