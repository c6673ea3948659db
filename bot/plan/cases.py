"""Finds the cases that a change touches: those of the manifest, and those of unlisted models."""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.plan.trees import Trees, resolve_or_none
from bot.plan.values import REQUESTED, Affected, Skipped
from compress.manifest import MAX_NAME, Manifest, Model, Recipe, under
from core.canonical import content_hash

MAX_UNLISTED = MAX_NAME - len("unlisted-")


@dataclass(frozen=True)
class Request:
    """What the caller asks for. ``models``: patterns of model names. ``all_matching``: also run the
    models that match (without patterns: all) if they are not affected. ``training_too``: also run
    cases in which only training keys differ. ``recipe``: run only cases of this recipe.
    ``all_needed``: affected cases that ``models`` or ``recipe`` exclude keep the gate from passing.
    """

    budget: Literal["quick", "full"] = "quick"
    models: tuple[str, ...] = ()
    all_matching: bool = False
    training_too: bool = False
    recipe: str | None = None
    all_needed: bool = False


@dataclass(frozen=True)
class Case:
    """One model with one recipe; ``because`` names its affected files, if there are any."""

    model: Model
    recipe: Recipe
    because: tuple[str, ...]
    only_training: bool = False

    @property
    def id(self) -> str:
        return f"{self.model.name}.{self.recipe.name}"


def listed_cases(manifest: Manifest, affected: list[Affected], request: Request) -> Iterator[Case]:
    """The manifest's cases, each with those of its files that are affected."""
    by_config = {item.config: item for item in affected}
    default = (manifest.default_recipe,) if manifest.default_recipe else ()
    for model in manifest.models:
        for recipe in model.recipes or default:
            files = [model.config, recipe.file]
            touched = [by_config[f] for f in files if f in by_config]
            data = by_config.get(recipe.data_config or "")
            touched += [data] if data is not None and _decides_data(data) else []
            because = tuple(item.config for item in touched)
            if request.all_matching and (not request.models or matches(model.name, request)):
                because = because or (REQUESTED,)
            only_training = bool(touched) and all(item.impact == "training" for item in touched)
            yield Case(model, recipe, because, only_training)


def _decides_data(item: Affected) -> bool:
    """Whether a config by which a recipe reads data is another one in that: it may be one of a
    whole model, whose network does not count.
    """
    return item.change != "code" or not {"compression", "evaluation"}.isdisjoint(item.code_impacts)


def unlisted_cases(
    manifest: Manifest,
    affected: list[Affected],
    trees: Trees,
    representatives: Collection[str] = (),
) -> Iterator[Case]:
    """Affected models that the manifest does not list get its default recipe, if it has one. Of
    models that only code affects, ``representatives`` stand for the others.
    """
    listed = {model.config for model in manifest.models}
    recipe = manifest.default_recipe
    for item in affected:
        path = item.config
        if recipe is None or path in listed or not under(path, manifest.config_roots):
            continue
        represented = item.change == "code" and path not in representatives
        if item.problem is not None or represented:
            continue
        resolved = resolve_or_none(trees.head, path)
        if resolved is not None and trees.head.dialect.is_model(resolved):
            model = Model(name=unlisted_name(path), config=path, recipes=(recipe,))
            yield Case(model, recipe, (path,), item.impact == "training")


def unlisted_name(config: str) -> str:
    """A name made from the config's path, for a model that the manifest does not list. It becomes a
    part of names of files: of a long path it has the end, and a hash of the whole.
    """
    name = re.sub(r"[^A-Za-z0-9_.+-]", "-", config.rsplit(".", 1)[0])
    if len(name) > MAX_UNLISTED:
        name = f"{content_hash(config)[:12]}-{name[13 - MAX_UNLISTED :]}"
    return f"unlisted-{name}"


def missing_configs(manifest: Manifest, trees: Trees) -> Iterator[Skipped]:
    """Models of the manifest whose config exists on neither side, such as misspelt ones."""
    paths = [path for path in trees.head.files if under(path, manifest.config_roots)]
    for model in manifest.models:
        if model.config not in trees.head.files and model.config not in trees.base.files:
            near = difflib.get_close_matches(model.config, paths, n=1, cutoff=0.8)
            hint = f"; did you mean {near[0]}?" if near else ""
            reason = f"the manifest names it for {model.name}, but it exists on neither side{hint}"
            yield Skipped(config=model.config, reason=reason)


def skipped_configs(
    manifest: Manifest, affected: list[Affected], cases: list[Case]
) -> Iterator[Skipped]:
    """Affected configs from which no case follows: fragments, unlisted models, removed files."""
    reached = {reason for case in cases for reason in case.because}
    no_default = manifest.default_recipe is None
    why = "the manifest has no default recipe" if no_default else "not a model by itself"
    for item in affected:
        if item.problem is not None:
            continue  # see broken_files
        if item.change == "code":
            continue  # see bot.plan.code
        if item.change == "removed":
            yield Skipped(config=item.config, reason="removed: nothing to run on head")
        elif item.config not in reached and under(item.config, manifest.recipe_roots):
            yield Skipped(config=item.config, reason="no case of the manifest uses it")
        elif item.config not in reached:
            yield Skipped(config=item.config, reason=f"not listed in the manifest; {why}")


def broken_files(affected: list[Affected]) -> Iterator[Skipped]:
    """A row for each file that keeps the suite from loading configs on head, with how many. The
    gate must not pass if one of them could be loaded on base.
    """
    by_file: dict[str, list[Affected]] = {}
    for item in affected:
        if item.problem is not None:
            by_file.setdefault(item.problem.file, []).append(item)
    for file, items in by_file.items():
        problems = [item.problem for item in items if item.problem is not None]
        worst = min(problems, key=lambda problem: problem.before)
        heirs = sum(item.config != file for item in items)
        words = f"; so is every config that inherits from it ({heirs})" if heirs else ""
        yield Skipped(config=file, reason=worst.reason + words, needed=not worst.before)


def matches(name: str, request: Request) -> bool:
    """Whether one of the request's patterns matches the model's name."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in request.models)
