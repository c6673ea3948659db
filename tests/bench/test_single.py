"""One model of a checkout: its recipe by name or file, its blueprint, its files."""

import json
from dataclasses import replace

import pytest
import yaml

from bench.single import (
    ChosenRecipe,
    choose_recipe,
    copy_artifact,
    make_single,
    quantises,
    recipe_named,
    recipe_path,
    single_blueprint,
)
from compress.checkout import open_checkout
from compress.manifest import Budget
from compress.recipes.parse import parse_recipe
from core.errors import InputError

PTQ = {"QuantPost": {"quantize_op_types": ["conv2d"], "batch_size": 1, "batch_nums": 30}}
MANIFEST = """schema: slimgate.manifest/1
suite: own
dialect: paddleseg
config_roots: [configs]
recipe_roots: [deploy]
models:
  - name: Plain
    config: configs/plain.yml
    recipes:
      - {name: first, file: deploy/first.yaml, data_config: configs/data.yml}
      - {name: second, file: deploy/second.yaml}
  - name: Sized
    config: configs/plain.yml
    weights: {path: w.pdparams}
    input_shape: [1, 3, 16, 32]
    dynamic_shape: true
    recipes: [{name: gone, file: deploy/gone.yaml}]
"""
WHOLE = Budget()
CONFIG = {
    "model": {"name": "m", "compressed": {"name": "m8", "quantised": ["conv2d"]}},
    "val_dataset": {"transforms": [{"type": "Resize", "target_size": [64, 32]}]},
}
DISTILL = {"Distillation": {}, "TrainConfig": {"train_iter": 500}}
DATA_CONFIG = {"val_dataset": {"dataset_root": "data/x", "val_path": "data/x/val.txt"}}


@pytest.fixture
def checkout(suite, tmp_path):
    (tmp_path / "own.yml").write_text(MANIFEST)
    suite.commit(
        {
            "configs/plain.yml": yaml.safe_dump(CONFIG),
            "configs/data.yml": yaml.safe_dump(DATA_CONFIG),
            "deploy/first.yaml": yaml.safe_dump(PTQ),
            "deploy/second.yaml": yaml.safe_dump(DISTILL),
        }
    )
    return open_checkout(str(tmp_path / "own.yml"), suite.path, "HEAD", tmp_path / "data")


def choose(checkout, name, model="Plain", budget=WHOLE):
    return choose_recipe(checkout, checkout.model(model), name, budget)


@pytest.mark.parametrize(
    ("name", "method", "data_config"),
    [
        (None, "ptq", "configs/data.yml"),
        ("first", "ptq", "configs/data.yml"),
        ("second", "distill", None),
        ("slimgate:qat.yaml", "qat", "configs/data.yml"),
    ],
)
def test_a_recipe_is_one_of_the_models_or_a_shipped_one(checkout, name, method, data_config):
    recipe = choose(checkout, name)
    assert (recipe.parsed.method, recipe.data_config) == (method, data_config)


def test_fp32_is_the_empty_recipe(checkout):
    assert choose(checkout, "fp32") == ChosenRecipe(None, None)


def test_a_recipe_file_reads_the_data_of_the_models_own_recipes(checkout, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump(PTQ))
    recipe = choose(checkout, str(file))
    assert (recipe.parsed.op_types, recipe.data_config) == (("conv2d",), "configs/data.yml")


def test_a_recipe_is_cut_to_the_budget(checkout):
    def sections(name, budget):
        return choose(checkout, name, budget=budget).parsed.steps[0].sections

    budget = Budget(train_iter=10, ptq_batches=4)
    assert sections("first", WHOLE)["QuantPost"]["batch_nums"] == 30
    assert sections("first", budget)["QuantPost"]["batch_nums"] == 4
    assert sections("second", WHOLE)["TrainConfig"]["train_iter"] == 500
    assert sections("second", budget)["TrainConfig"]["train_iter"] == 10


def test_an_unknown_recipe_is_refused_with_those_of_the_model(checkout):
    with pytest.raises(InputError, match="unknown recipe 'frist'") as caught:
        choose(checkout, "frist")
    assert (caught.value.key, caught.value.nearest) == ("--recipe", "first")
    assert list(caught.value.choices) == ["first", "second", "fp32"]
    assert caught.value.hint


def test_a_recipe_that_the_revision_lacks_is_named(checkout):
    with pytest.raises(InputError, match="this revision has no such recipe file") as caught:
        choose(checkout, None, "Sized")
    assert caught.value.file == "deploy/gone.yaml"


def test_shipped_recipes_are_named_without_their_folder():
    assert recipe_named("ptq") == "slimgate:ptq.yaml"
    assert recipe_path("slimgate:ptq.yaml").name == "ptq.yaml"
    assert recipe_path("slimgate:ptq.yaml").is_file()


def test_a_recipe_may_be_a_file(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text("QuantPost:\n")
    assert recipe_named(str(file)) == str(file)
    assert recipe_path(str(file)) == file
    with pytest.raises(InputError, match="unknown recipe 'qatt'") as caught:
        recipe_named("qatt")
    assert (caught.value.nearest, caught.value.key) == ("qat", "--recipe")


@pytest.mark.parametrize(("name", "expected"), [("ptq", True), ("qat", True), ("sparse", False)])
def test_whether_a_recipe_quantises_is_read_from_its_sections(name, expected):
    assert quantises(recipe_named(name)) == expected


def test_a_blueprint_has_the_models_shape_weights_and_data(checkout, workshop):
    recipe = choose(checkout, "first")
    blueprint = single_blueprint(checkout, checkout.model("Plain"), recipe, workshop)
    assert blueprint.export.input_shape == (1, 3, 32, 64)  # the size of the validation
    assert blueprint.export.weights is None
    assert blueprint.no_weights == "the manifest names no weights"
    assert blueprint.data_config == DATA_CONFIG
    assert blueprint.no_data == "the config names no data set"
    assert blueprint.source.code is None


def test_what_the_manifest_says_of_shape_and_weights_counts(checkout, workshop, tmp_path):
    (tmp_path / "w.pdparams").write_text("weights")
    fp32, model = ChosenRecipe(None, None), checkout.model("Sized")
    export = single_blueprint(checkout, model, fp32, workshop).export
    assert (export.input_shape, export.exported_shape) == ((1, 3, 16, 32), (1, 3, -1, -1))
    assert export.weights == tmp_path / "w.pdparams"
    reduced = single_blueprint(checkout, model, fp32, workshop, (1, 3, 8, 8))
    assert reduced.export.input_shape == (1, 3, 8, 8)
    assert reduced.data_config == CONFIG


def test_making_says_what_it_does_and_what_is_missing(models, said, checkout):
    workshop, lines = said
    recipe = choose(checkout, "first")
    blueprint = single_blueprint(checkout, checkout.model("Plain"), recipe, workshop)
    assert make_single("Plain", blueprint, workshop).op_types == ("conv2d",)
    assert lines == [
        "Plain: export with initial weights: the manifest names no weights",
        "Plain: ptq on noise (the config names no data set)",
    ]
    lines.clear()
    fp32 = replace(blueprint, recipe=None)
    assert make_single("Plain", fp32, workshop).op_types == ()
    assert len(lines) == 1


def test_files_are_copied_without_those_of_the_store(models, workshop, checkout, tmp_path):
    recipe = ChosenRecipe(parse_recipe(PTQ, "ptq.yaml"), None)
    blueprint = single_blueprint(checkout, checkout.model("Plain"), recipe, workshop)
    artifact = make_single("Plain", blueprint, workshop)
    out = tmp_path / "out"
    out.mkdir()
    (out / "own.txt").write_text("stays")
    copy_artifact(artifact, out)
    assert {file.name for file in out.iterdir()} == {
        "artifact.json",
        "model.pdiparams",
        "model.pdmodel",
        "own.txt",
    }
    assert json.loads((out / "model.pdmodel").read_text())["name"] == "m8"
