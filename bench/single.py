"""One model of a checkout, without a comparison: its recipe, its blueprint, its files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.make import (
    Blueprint,
    draw_blueprint,
    make_compressed,
    make_export,
    measured_shape,
    require_fit,
)
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
from core.files import is_file, read_file
from core.installation import shipped
from core.safe_yaml import MAX_BYTES, parse_mapping


@dataclass(frozen=True)
class ChosenRecipe:
    """``parsed``: None for fp32; ``data_config``: the config file by which data are read, None for
    the model's own config.
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
    """Everything that the model is made from; raises InputError or JobFailure. ``shape``: an input
    shape (N, C, H, W) to use instead of the model's own.
    """
    config = checkout.tree.resolve(model.config)
    data_config = checkout.tree.resolve(recipe.data_config) if recipe.data_config else config
    assert workshop.publisher is not None
    folder = checkout.manifest_path.parent
    weights, missing = locate_weights(model.weights, folder, workshop.publisher)
    dialect = checkout.dialect
    code, code_id = lay_out_code(
        checkout.repo, checkout.commit, dialect, workshop.store, workshop.runtime
    )
    source = SuiteSource(
        checkout.manifest.dialect,
        code,
        code_id,
        checkout.data_dir,
        None,
        runtime=workshop.runtime,
    )
    input_shape = measured_shape(
        checkout.manifest.dialect,
        config,
        shape or model.input_shape or dialect.input_shape(config),
    )
    export = ExportSpec(config, weights, input_shape, model.output_op, model.dynamic_shape)
    drawn = draw_blueprint(source, export, recipe.parsed, data_config, checkout.data, missing)
    return replace(drawn, data_file=recipe.data_config or model.config)


def make_single(name: str, blueprint: Blueprint, workshop: Workshop) -> Artifact:
    """The artifact, from the store if it is there; reports each step. Raises JobFailure."""
    initial = f" with initial weights: {blueprint.no_weights}"
    workshop.say(f"{name}: export" + ("" if blueprint.export.weights else initial))
    exported = make_export(blueprint, workshop)
    blueprint = require_fit(blueprint, exported)
    if blueprint.misfit:
        workshop.say(f"{name}: the weights do not fit: {blueprint.misfit}")
    if blueprint.recipe is None:
        return exported
    noise = "" if blueprint.training_data else f" on noise ({blueprint.no_data})"
    workshop.say(f"{name}: {blueprint.recipe.method}{noise}")
    return make_compressed(blueprint, exported, workshop)


def copy_artifact(artifact: Artifact, out: Path) -> None:
    """Copies the artifact's files to a folder outside the store."""
    ignored = shutil.ignore_patterns("entry.json")
    shutil.copytree(artifact.folder, out, dirs_exist_ok=True, ignore=ignored)


def recipe_named(name: str) -> str:
    """The name that ``choose_recipe`` takes, of a recipe that ships with slimgate or of a file.

    Raises InputError if ``name`` is neither.
    """
    folder = shipped("configs") / "recipes"
    names = tuple(path.stem for path in sorted(folder.glob("*.yaml")))
    if name in names:
        return f"{SHIPPED}{name}.yaml"
    if is_file(name):
        return name
    raise InputError(
        f"unknown recipe {name!r}",
        key="--recipe",
        given=name,
        choices=names,
        hint="name one of these, or give a recipe file",
    )


def recipe_path(recipe: str) -> Path:
    """The file of a recipe, by a name from ``recipe_named``."""
    if recipe.startswith(SHIPPED):
        return shipped("configs") / "recipes" / recipe.removeprefix(SHIPPED)
    return Path(recipe)


def quantises(recipe: str) -> bool:
    """Whether a recipe, by a name from ``recipe_named``, quantises; raises InputError."""
    path = recipe_path(recipe)
    return bool(parse_recipe(parse_mapping(read_file(path, MAX_BYTES), str(path)), recipe).op_types)


def choose_recipe(
    checkout: Checkout, model: Model, name: str | None, budget: Budget
) -> ChosenRecipe:
    """A recipe, cut to the budget. ``name``: of one of the model's recipes (None: the first) or of
    one that ships with slimgate, a recipe file, or ``fp32``. Raises InputError for anything else.
    """
    recipe = _find_recipe(checkout, model, name)
    if recipe.parsed is None:
        return recipe
    capped = cap_recipe(recipe.parsed, budget.train_iter, budget.ptq_batches)
    return ChosenRecipe(capped, recipe.data_config)


def _find_recipe(checkout: Checkout, model: Model, name: str | None) -> ChosenRecipe:
    if name == "fp32":
        return ChosenRecipe(None, None)
    by_name = {recipe.name: recipe for recipe in model.recipes}
    listed = by_name.get(name) if name else next(iter(model.recipes), None)
    if name is not None and name.startswith(SHIPPED):
        listed = Recipe(name="shipped", file=name, data_config=_data_config(model))
    if listed is not None:
        document = recipe_document(listed.file, checkout.tree)
        if document is None:
            raise InputError(
                "this revision has no such recipe file",
                file=listed.file,
                hint="correct the manifest, or check out a revision that has the file",
            )
        return ChosenRecipe(parse_recipe(document, listed.file), listed.data_config)
    if name is None or not is_file(name):
        raise InputError(
            f"unknown recipe {name!r}",
            key="--recipe",
            given=name,
            choices=(*by_name, "fp32"),
            hint="name a recipe of the model, or give a recipe file",
        )
    own: dict[str, Any] = parse_mapping(read_file(Path(name), MAX_BYTES), name)
    return ChosenRecipe(parse_recipe(own, name), _data_config(model))


def _data_config(model: Model) -> str | None:
    """The data config of the model's first recipe."""
    return next((recipe.data_config for recipe in model.recipes), None)
