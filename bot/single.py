"""Makes one artifact outside any comparison, for ``slimgate compress``."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.pipeline import prepare_empty, scratch_folder
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
from compress.source import SuiteSource, find_data, find_weights, lay_out_code
from compress.store import Store
from compress.suites import find_dialect


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


def make_single(
    request: SingleRequest, store: Store, out: Path, say: Callable[[str], None]
) -> Artifact:
    """Writes the artifact's files to ``out``; raises InputError or JobFailure."""
    manifest_path = find_manifest(request.suite)
    manifest = load_manifest(manifest_path)
    repo = open_repo(request.repo)
    commit = repo.resolve(request.revision)
    model = _find_model(manifest, request.model)
    tree = _tree(repo, commit, manifest)
    config = tree.resolve(model.config)
    budget: Budget = getattr(manifest, request.budget)
    recipe, data_file = _find_recipe(model, request.recipe, tree)
    data_config = tree.resolve(data_file) if data_file else config
    prepare_empty(out)
    dialect = find_dialect(manifest.dialect)
    code, code_id = lay_out_code(repo, commit, dialect, store)
    data_dir = manifest.data_dir or dialect.data_dir
    folder = (request.data or request.repo / data_dir).resolve()
    data, why = find_data(dialect.dataset_root(data_config), data_dir, folder)
    source = SuiteSource(manifest.dialect, code, code_id, data_dir, folder if data else None)
    shape = model.input_shape or dialect.input_shape(config)
    weights = None
    if model.weights and model.weights.path:
        weights = find_weights(manifest_path.parent / model.weights.path, model.weights.sha256)
    with scratch_folder() as scratch:
        workshop = Workshop(store, scratch, budget.stage_timeout_s,
                            request.threads or default_threads())  # fmt: skip
        say(f"{model.name}: export" + ("" if weights else " with initial weights"))
        made = export_artifact(workshop, source, ExportSpec(config, weights, shape, model.output_op))
        if recipe is not None:
            say(f"{model.name}: {recipe.method}" + (f" on noise ({why})" if data is None else ""))
            capped = cap_recipe(recipe, budget.train_iter, budget.ptq_batches)
            made = compress_artifact(workshop, source, made,
                                     CompressSpec(capped, data_config, data, shape))  # fmt: skip
    shutil.copytree(made.folder, out, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("entry.json"))  # fmt: skip
    return made


def _tree(repo: GitRepo, commit: str, manifest: Manifest) -> ConfigTree:
    def read(blob: str) -> bytes | None:
        return dict(repo.read([blob]))[blob]

    return ConfigTree(repo.tree(commit), read, find_dialect(manifest.dialect))


def _find_model(manifest: Manifest, name: str) -> Model:
    for model in manifest.models:
        if model.name == name:
            return model
    raise InputError(f"unknown model {name!r}", key="--model", given=name,
                     choices=tuple(model.name for model in manifest.models),
                     hint="name a model of the manifest")  # fmt: skip


def _find_recipe(
    model: Model, wanted: str | None, tree: ConfigTree
) -> tuple[ParsedRecipe | None, str | None]:
    """The parsed recipe (None for fp32) and the data config's path (None: the model's own)."""
    if wanted == "fp32":
        return None, None
    by_name = {recipe.name: recipe for recipe in model.recipes}
    listed = by_name.get(wanted) if wanted else next(iter(model.recipes), None)
    if listed is not None:
        return parse_recipe(tree.document(listed.file), listed.file), listed.data_config
    if wanted is None or not Path(wanted).is_file():
        raise InputError(f"unknown recipe {wanted!r}", key="--recipe", given=wanted,
                         choices=(*by_name, "fp32"),
                         hint="name a recipe of the model, or give a recipe file")  # fmt: skip
    document: dict[str, Any] = parse_mapping(Path(wanted).read_bytes(), wanted)
    first = next(iter(model.recipes), None)
    return parse_recipe(document, wanted), first.data_config if first else None
