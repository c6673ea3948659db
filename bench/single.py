"""One model of a checkout, outside any comparison: its recipe, its blueprint, its files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.make import Blueprint, draw_blueprint, make_compressed, make_export
from compress.artifacts.artifact import Artifact
from compress.artifacts.spec import ExportSpec
from compress.checkout import Checkout
from compress.manifest import SHIPPED, Budget, Model, Recipe
from compress.recipes.documents import recipe_document
from compress.recipes.parse import ParsedRecipe, cap_recipe, parse_recipe
from compress.source import SuiteSource, lay_out_code
from compress.weights.published import locate_weights
from compress.workshop import Workshop
from core.errors import InputError
from core.installation import shipped
from core.safe_yaml import parse_mapping


@dataclass(frozen=True)
class ChosenRecipe:
    """``parsed`` is None for fp32; ``data_config``: the file that data is read by, None for the
    model's own config.
    """

    parsed: ParsedRecipe | None
    data_config: str | None


def single_blueprint(
    checkout: Checkout,
    model: Model,
    recipe: ChosenRecipe,
    workshop: Workshop,
    shape: tuple[int, ...] | None = None,
) -> Blueprint:
    """All that the model is made from; raises InputError or JobFailure. ``shape`` is the input's,
    for another than the model's own.
    """
    config = checkout.tree.resolve(model.config)
    data_config = checkout.tree.resolve(recipe.data_config) if recipe.data_config else config
    assert workshop.publisher is not None
    folder = checkout.manifest_path.parent
    weights, missing = locate_weights(model.weights, folder, workshop.publisher)
    dialect = checkout.dialect
    code, code_id = lay_out_code(checkout.repo, checkout.commit, dialect, workshop.store)
    source = SuiteSource(checkout.manifest.dialect, code, code_id, checkout.data_dir, None)
    own_shape = shape or model.input_shape or dialect.input_shape(config)
    export = ExportSpec(config, weights, own_shape, model.output_op, model.dynamic_shape)
    return draw_blueprint(source, export, recipe.parsed, data_config, checkout.data, missing)


def make_single(name: str, blueprint: Blueprint, workshop: Workshop) -> Artifact:
    """The artifact, through the store; says what it does. Raises JobFailure."""
    initial = f" with initial weights: {blueprint.no_weights}"
    workshop.say(f"{name}: export" + ("" if blueprint.export.weights else initial))
    made = make_export(blueprint, workshop)
    if blueprint.recipe is None:
        return made
    noise = "" if blueprint.training_data else f" on noise ({blueprint.no_data})"
    workshop.say(f"{name}: {blueprint.recipe.method}{noise}")
    return make_compressed(blueprint, made, workshop)


def copy_artifact(made: Artifact, out: Path) -> None:
    """The artifact's files in a folder of one's own."""
    ignored = shutil.ignore_patterns("entry.json")
    shutil.copytree(made.folder, out, dirs_exist_ok=True, ignore=ignored)


def recipe_named(name: str) -> str:
    """What ``choose_recipe`` calls the recipe: one that ships with slimgate, else a file."""
    folder = shipped("configs") / "recipes"
    names = tuple(path.stem for path in sorted(folder.glob("*.yaml")))
    if name in names:
        return f"{SHIPPED}{name}.yaml"
    if Path(name).is_file():
        return name
    raise InputError(
        f"unknown recipe {name!r}",
        key="--recipe",
        given=name,
        choices=names,
        hint="name one of these, or give a recipe file",
    )


def recipe_path(recipe: str) -> Path:
    """The file of a recipe as ``recipe_named`` calls it."""
    if recipe.startswith(SHIPPED):
        return shipped("configs") / "recipes" / recipe.removeprefix(SHIPPED)
    return Path(recipe)


def quantises(recipe: str) -> bool:
    """Whether a recipe as ``recipe_named`` calls it leaves a quantised model; raises InputError."""
    path = recipe_path(recipe)
    return bool(parse_recipe(parse_mapping(path.read_bytes(), str(path)), recipe).op_types)


def choose_recipe(
    checkout: Checkout, model: Model, wanted: str | None, budget: Budget
) -> ChosenRecipe:
    """The recipe that is named, cut to the budget: one of the model's (by default the first), a
    file, or fp32.
    """
    found = _find_recipe(checkout, model, wanted)
    if found.parsed is None:
        return found
    capped = cap_recipe(found.parsed, budget.train_iter, budget.ptq_batches)
    return ChosenRecipe(capped, found.data_config)


def _find_recipe(checkout: Checkout, model: Model, wanted: str | None) -> ChosenRecipe:
    if wanted == "fp32":
        return ChosenRecipe(None, None)
    by_name = {recipe.name: recipe for recipe in model.recipes}
    listed = by_name.get(wanted) if wanted else next(iter(model.recipes), None)
    if wanted is not None and wanted.startswith(SHIPPED):
        listed = Recipe(name="shipped", file=wanted, data_config=_data_config(model))
    if listed is not None:
        document = recipe_document(listed.file, checkout.tree)
        if document is None:
            raise InputError("no such recipe in this revision", file=listed.file)
        return ChosenRecipe(parse_recipe(document, listed.file), listed.data_config)
    if wanted is None or not Path(wanted).is_file():
        raise InputError(
            f"unknown recipe {wanted!r}",
            key="--recipe",
            given=wanted,
            choices=(*by_name, "fp32"),
            hint="name a recipe of the model, or give a recipe file",
        )
    given: dict[str, Any] = parse_mapping(Path(wanted).read_bytes(), wanted)
    return ChosenRecipe(parse_recipe(given, wanted), _data_config(model))


def _data_config(model: Model) -> str | None:
    """What the model's own recipes read data from."""
    return next((recipe.data_config for recipe in model.recipes), None)
