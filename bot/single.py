"""Makes one artifact outside any comparison, for ``slimgate compress``."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from bot.pipeline import prepare_empty, scratch_folder
from bot.plan import recipe_document
from compress.artifacts import (
    Artifact,
    CompressSpec,
    ExportSpec,
    Workshop,
    compress_artifact,
    default_threads,
    export_artifact,
)
from compress.errors import InputError
from compress.git import GitRepo, open_repo
from compress.manifest import Budget, Manifest, Model, find_manifest, load_manifest
from compress.recipe import ParsedRecipe, cap_recipe, parse_recipe
from compress.resolve import ConfigTree
from compress.safe_yaml import parse_mapping
from compress.source import SuiteSource, find_training_data, find_weights, lay_out_code
from compress.store import Store
from compress.suites import find_dialect
from compress.suites.base import Document


@dataclass(frozen=True)
class SingleRequest:
    """The options of ``slimgate compress``."""

    suite: str
    repo: Path
    revision: str
    model: str
    recipe: str | None
    budget: Literal["quick", "full"]
    data: Path | None
    threads: int | None


@dataclass(frozen=True)
class Single:
    """One model of a suite at one revision, ready to be made. ``recipe`` is None for fp32;
    ``data`` holds the real folders of the data, None (and ``why``) if there are none.
    """

    manifest: Manifest
    name: str
    output_op: str
    config: Document
    data_config: Document
    recipe: ParsedRecipe | None
    source: SuiteSource
    data: tuple[Path, ...] | None
    why: str
    weights: Path | None
    shape: tuple[int, ...]


def resolve_single(
    suite: str,
    repo_path: Path,
    revision: str,
    model_name: str,
    recipe_name: str | None,
    data_folder: Path | None,
    store: Store,
) -> Single:
    """Finds everything that making the model needs; raises InputError."""
    manifest_path = find_manifest(suite)
    manifest = load_manifest(manifest_path)
    repo = open_repo(repo_path)
    commit = repo.resolve(revision)
    model = _find_model(manifest, model_name)
    tree = _tree(repo, commit, manifest)
    config = tree.resolve(model.config)
    recipe, data_file = _find_recipe(model, recipe_name, tree)
    data_config = tree.resolve(data_file) if data_file else config
    dialect = find_dialect(manifest.dialect)
    weights = None
    if model.weights and model.weights.path:
        weights = find_weights(manifest_path.parent / model.weights.path, model.weights.sha256)
    data_dir = manifest.data_dir or dialect.data_dir
    folder = (data_folder or repo_path / data_dir).resolve()
    data, why = find_training_data(dialect, data_config, data_dir, folder)
    code, code_id = lay_out_code(repo, commit, dialect, store)
    return Single(
        manifest,
        model.name,
        model.output_op,
        config,
        data_config,
        recipe,
        SuiteSource(manifest.dialect, code, code_id, data_dir, folder if data else None),
        data,
        why,
        weights,
        model.input_shape or dialect.input_shape(config),
    )


def make_single(
    request: SingleRequest, store: Store, out: Path, say: Callable[[str], None]
) -> Artifact:
    """Writes the artifact's files to ``out``; raises InputError or JobFailure."""
    one = resolve_single(
        request.suite,
        request.repo,
        request.revision,
        request.model,
        request.recipe,
        request.data,
        store,
    )
    budget: Budget = getattr(one.manifest, request.budget)
    prepare_empty(out)
    with scratch_folder() as scratch:
        workshop = Workshop(
            store, scratch, budget.stage_timeout_s, request.threads or default_threads()
        )
        say(f"{one.name}: export" + ("" if one.weights else " with initial weights"))
        spec = ExportSpec(one.config, one.weights, one.shape, one.output_op)
        made = export_artifact(workshop, one.source, spec)
        if one.recipe is not None:
            say(f"{one.name}: {one.recipe.method}" + ("" if one.data else f" on noise ({one.why})"))
            capped = cap_recipe(one.recipe, budget.train_iter, budget.ptq_batches)
            made = compress_artifact(
                workshop,
                one.source,
                made,
                CompressSpec(capped, one.data_config, one.data, one.shape),
            )
            made = replace(made, remarks=(*capped.repairs, *made.remarks))
    shutil.copytree(
        made.folder, out, dirs_exist_ok=True, ignore=shutil.ignore_patterns("entry.json")
    )
    return made


def _tree(repo: GitRepo, commit: str, manifest: Manifest) -> ConfigTree:
    def read(blob: str) -> bytes | None:
        return dict(repo.read([blob]))[blob]

    return ConfigTree(repo.tree(commit), read, find_dialect(manifest.dialect))


def _find_model(manifest: Manifest, name: str) -> Model:
    for model in manifest.models:
        if model.name == name:
            return model
    raise InputError(
        f"unknown model {name!r}",
        key="--model",
        given=name,
        choices=tuple(model.name for model in manifest.models),
        hint="name a model of the manifest",
    )


def _find_recipe(
    model: Model, wanted: str | None, tree: ConfigTree
) -> tuple[ParsedRecipe | None, str | None]:
    """The parsed recipe (None for fp32) and the data config's path (None: the model's own)."""
    if wanted == "fp32":
        return None, None
    by_name = {recipe.name: recipe for recipe in model.recipes}
    listed = by_name.get(wanted) if wanted else next(iter(model.recipes), None)
    if listed is not None:
        document = recipe_document(listed.file, tree)
        if document is None:
            raise InputError("no such recipe in this revision", file=listed.file)
        return parse_recipe(document, listed.file), listed.data_config
    if wanted is None or not Path(wanted).is_file():
        raise InputError(
            f"unknown recipe {wanted!r}",
            key="--recipe",
            given=wanted,
            choices=(*by_name, "fp32"),
            hint="name a recipe of the model, or give a recipe file",
        )
    given: dict[str, Any] = parse_mapping(Path(wanted).read_bytes(), wanted)
    first = next(iter(model.recipes), None)
    return parse_recipe(given, wanted), first.data_config if first else None
