"""Makes one artifact outside any comparison: for ``slimgate compress`` and ``coverage``."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.predictions import LabelledData, find_labelled
from bench.trials import trial_accuracy
from bot.checkout import Checkout
from bot.plan import recipe_document
from compress.artifacts import (
    Artifact,
    ExportSpec,
    Workshop,
    export_artifact,
)
from compress.compression import CompressSpec, compress_artifact
from compress.errors import InputError
from compress.installation import shipped
from compress.manifest import SHIPPED, Budget, Model, Recipe
from compress.recipes.parse import ParsedRecipe, cap_recipe, parse_recipe
from compress.safe_yaml import parse_mapping
from compress.source import (
    SuiteSource,
    find_training_data,
    lay_out_code,
)
from compress.store import Store
from compress.suites.base import SPLITS, Document
from compress.weights.published import Publisher, locate_weights


@dataclass(frozen=True)
class ChosenRecipe:
    """``parsed`` is None for fp32; ``data_config``: the file that data is read from, None for
    the model's own config.
    """

    parsed: ParsedRecipe | None
    data_config: str | None


@dataclass(frozen=True)
class Single:
    """One model of a suite at one revision, ready to be made. ``data`` holds the real folders of
    the data, None (and ``why``) if there are none; ``validation`` holds the images that accuracy is
    measured on, ``training`` those that a search may see. ``missing_weights`` says why the weights
    are initial ones.
    """

    name: str
    source: SuiteSource
    export: ExportSpec
    recipe: ParsedRecipe | None
    data_config: Document
    data: tuple[Path, ...] | None
    why: str
    validation: LabelledData | None
    training: LabelledData | None
    missing_weights: str


def resolve_single(
    checkout: Checkout,
    model: Model,
    recipe: ChosenRecipe,
    store: Store,
    publisher: Publisher,
    shape: tuple[int, ...] | None = None,
) -> Single:
    """Finds everything that making the model needs; raises InputError or JobFailure. ``shape`` is
    the input's, for other than the model's own.
    """
    config = checkout.tree.resolve(model.config)
    data_config = checkout.tree.resolve(recipe.data_config) if recipe.data_config else config
    weights, missing = locate_weights(model.weights, checkout.manifest_path.parent, publisher)
    dialect = checkout.dialect
    data, why = find_training_data(dialect, data_config, checkout.data_dir, checkout.data)
    code, code_id = lay_out_code(checkout.repo, checkout.commit, dialect, store)
    own_shape = model.input_shape or dialect.input_shape(config)
    folder = checkout.data if data else None
    source = SuiteSource(checkout.manifest.dialect, code, code_id, checkout.data_dir, folder)
    export = ExportSpec(config, weights, shape or own_shape, model.output_op, model.dynamic_shape)
    validation, training = (
        find_labelled(dialect, data_config, split, checkout.data_dir, checkout.data)[0]
        for split in SPLITS
    )
    return Single(
        name=model.name,
        source=source,
        export=export,
        recipe=recipe.parsed,
        data_config=data_config,
        data=data,
        why=why,
        validation=validation,
        training=training,
        missing_weights=missing,
    )


def compress_single(one: Single, model: Artifact, workshop: Workshop) -> Artifact:
    """The compressed model, through the store; raises JobFailure."""
    assert one.recipe is not None
    shape = one.export.input_shape
    accuracy = trial_accuracy(
        workshop,
        one.source,
        one.data_config,
        one.training,
        one.export.weights,
        shape,
    )
    spec = CompressSpec(one.recipe, one.data_config, one.data, shape, accuracy=accuracy)
    return compress_artifact(workshop, one.source, model, spec)


def make_single(one: Single, workshop: Workshop, say: Callable[[str], None]) -> Artifact:
    """The artifact, through the store; raises JobFailure."""
    initial = f" with initial weights: {one.missing_weights}"
    say(f"{one.name}: export" + ("" if one.export.weights else initial))
    made = export_artifact(workshop, one.source, one.export)
    if one.recipe is None:
        return made
    say(f"{one.name}: {one.recipe.method}" + ("" if one.data else f" on noise ({one.why})"))
    return compress_single(one, made, workshop)


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
