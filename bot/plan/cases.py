"""Finds the cases that a change touches: of the manifest, and of models that it does not list."""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.plan.affected import Trees, resolve_or_none
from bot.plan.values import Affected, Skipped
from compress.manifest import Manifest, Model, Recipe, under


@dataclass(frozen=True)
class Request:
    """What the caller asks for. ``models``: patterns on model names. ``all_matching``: run what
    they match (everything without patterns) even if it is not affected. ``training_too``: also
    run what only training keys touch. ``recipe``: only cases of this recipe. ``all_needed``: what
    is affected and left out by ``models`` or ``recipe`` keeps the gate from passing.
    """

    budget: Literal["quick", "full"] = "quick"
    models: tuple[str, ...] = ()
    all_matching: bool = False
    training_too: bool = False
    recipe: str | None = None
    all_needed: bool = False


@dataclass(frozen=True)
class Case:
    """One model with one recipe, and why it is to be run (empty: it is not affected)."""

    model: Model
    recipe: Recipe
    because: tuple[str, ...]
    only_training: bool = False

    @property
    def id(self) -> str:
        return f"{self.model.name}.{self.recipe.name}"


def listed_cases(manifest: Manifest, affected: list[Affected], request: Request) -> Iterator[Case]:
    """The manifest's cases, each with the affected files among those that it depends on."""
    by_config = {one.config: one for one in affected}
    default = (manifest.default_recipe,) if manifest.default_recipe else ()
    for model in manifest.models:
        for recipe in model.recipes or default:
            files = [model.config, recipe.file, recipe.data_config]
            touched = [by_config[f] for f in files if f in by_config]
            because = tuple(one.config for one in touched)
            if request.all_matching and (not request.models or matches(model.name, request)):
                because = because or ("asked for",)
            only_training = bool(touched) and all(one.impact == "training" for one in touched)
            yield Case(model, recipe, because, only_training)


def unlisted_cases(manifest: Manifest, affected: list[Affected], trees: Trees) -> Iterator[Case]:
    """Affected models that the manifest does not list get its default recipe, if it has one."""
    listed = {model.config for model in manifest.models}
    recipe = manifest.default_recipe
    for one in affected:
        if recipe is None or one.config in listed or not under(one.config, manifest.config_roots):
            continue
        resolved = resolve_or_none(trees.head, one.config)
        if resolved is not None and trees.head.dialect.is_model(resolved):
            model = Model(name=unlisted_name(one.config), config=one.config, recipes=(recipe,))
            yield Case(model, recipe, (one.config,), one.impact == "training")


def unlisted_name(config: str) -> str:
    """A name that no other config has: its path, which a manifest's model cannot be named."""
    return "unlisted-" + re.sub(r"[^A-Za-z0-9_.+-]", "-", config.rsplit(".", 1)[0])


def missing_configs(manifest: Manifest, trees: Trees) -> Iterator[Skipped]:
    """Models of the manifest whose config is on neither side: a slip of the pen, or another age."""
    known = [path for path in trees.head.files if under(path, manifest.config_roots)]
    for model in manifest.models:
        if model.config not in trees.head.files and model.config not in trees.base.files:
            near = difflib.get_close_matches(model.config, known, n=1, cutoff=0.8)
            hint = f"; did you mean {near[0]}?" if near else ""
            reason = f"the manifest's {model.name} names it, but it is on neither side{hint}"
            yield Skipped(config=model.config, reason=reason)


def skipped_configs(
    manifest: Manifest, affected: list[Affected], cases: list[Case]
) -> Iterator[Skipped]:
    """Affected configs that lead to no case: fragments, unlisted models, removed files."""
    reached = {reason for case in cases for reason in case.because}
    for one in affected:
        if one.change == "removed":
            yield Skipped(config=one.config, reason="removed: nothing to run on head")
        elif one.config not in reached and under(one.config, manifest.recipe_roots):
            yield Skipped(config=one.config, reason="no case of the manifest uses it")
        elif one.config not in reached:
            why = (
                "the manifest has no default recipe"
                if manifest.default_recipe is None
                else ("not a model by itself")
            )
            yield Skipped(config=one.config, reason=f"not listed in the manifest; {why}")


def matches(name: str, request: Request) -> bool:
    """Whether one of the request's patterns matches the model's name."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in request.models)
