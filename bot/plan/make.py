"""Turns a change and a manifest into a plan: what is affected, what runs, what is skipped."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.candidate import Candidate
from bench.job import Job, SideSpec
from bench.named_targets import check_targets
from bench.variant import Side
from bot.plan.affected import find_affected
from bot.plan.candidates import choose, make_candidates
from bot.plan.cases import (
    Case,
    Request,
    broken_files,
    listed_cases,
    matches,
    missing_configs,
    skipped_configs,
    unlisted_cases,
)
from bot.plan.changed_lines import changed_lines
from bot.plan.code import find_code_effects, join_affected
from bot.plan.fit import fit_candidates, fit_details, fit_jobs
from bot.plan.trees import YAML, Trees
from bot.plan.unmeasured import find_unmeasured, recounted_keys
from bot.plan.values import Plan, Skipped
from compress.blobs import Blobs, Group, blobs_in
from compress.loadable import LoadCheck
from compress.manifest import SHIPPED, Gate, Manifest, bundled_suites
from compress.recipes.documents import recipe_document
from compress.recipes.parse import parse_recipe
from compress.registered import code_group
from compress.resolve import ConfigTree
from compress.suites import find_dialect, find_suite
from core.collection import uncollected
from core.errors import InputError
from core.git import GitRepo
from core.processors import default_threads


def read_trees(repo: GitRepo, base: str, head: str, manifest: Manifest) -> Trees:
    """Both revisions; the blobs of all configs are read in one go, those of all code in another."""
    suite = find_suite(manifest.dialect)
    trees = [repo.tree(commit) for commit in (base, head)]
    roots = (*manifest.config_roots, *manifest.recipe_roots)
    groups = (Group(blobs_in(trees, roots, YAML)), code_group(trees, suite.dialect))
    read = Blobs(repo, groups).read
    old = ConfigTree(trees[0], read, suite.dialect)
    return Trees(old, ConfigTree(trees[1], read, suite.dialect, old), suite)


@uncollected()
def make_plan(
    repo: GitRepo,
    base: str,
    head: str,
    manifest: Manifest,
    manifest_path: Path,
    request: Request,
    threads: int | None,
) -> Plan:
    """The plan for the range ``base..head`` (full commit names); raises InputError."""
    options = {model.name: model.targets for model in manifest.models}
    check_targets(manifest.kinds, options, str(manifest_path))
    trees = read_trees(repo, base, head, manifest)
    by_code = find_code_effects(trees, manifest)
    affected = join_affected(find_affected(trees, manifest), by_code.affected)

    def outcomes_of(cases: list[Case]) -> list[Job | Skipped]:
        found = (_job_or_reason(case, trees, manifest, base, head, request) for case in cases)
        return [outcome for outcome in found if outcome is not None]

    listed = list(listed_cases(manifest, affected, request))
    outcomes = outcomes_of(listed)
    running = {outcome.config_file for outcome in outcomes if isinstance(outcome, Job)}
    chosen = choose(by_code, affected, manifest, running, request)
    unlisted = list(unlisted_cases(manifest, affected, trees, chosen.representatives))
    cases = [*listed, *unlisted]
    _refuse_unmatched(request, cases)
    jobs, skipped = fit_jobs([*outcomes, *outcomes_of(unlisted)], manifest.max_jobs)
    made = make_candidates(chosen, by_code, trees, manifest, (base, head))
    candidates, not_compared = fit_candidates(made)
    return Plan(
        suite=manifest.suite,
        dialect=manifest.dialect,
        manifest=str(manifest_path.resolve()),
        manifest_name=_manifest_name(manifest_path),
        repo=str(repo.path.resolve()),
        base=base,
        head=head,
        data_dir=manifest.data_dir or find_dialect(manifest.dialect).data_dir,
        runners=manifest.runners,
        threads=threads or manifest.threads or default_threads(),
        budget_name=request.budget,
        budget=getattr(manifest, request.budget),
        affected=tuple(fit_details(affected)),
        jobs=tuple(_only_by_code(job, candidates, request) for job in jobs),
        candidates=candidates,
        skipped=(
            *missing_configs(manifest, trees),
            *broken_files(affected),
            *skipped_configs(manifest, affected, cases),
            *by_code.rows,
            *chosen.rows,
            *not_compared,
            *skipped,
        ),
        changed_lines=changed_lines(trees, affected),
    )


def _only_by_code(job: Job, candidates: Sequence[Candidate], request: Request) -> Job:
    """The job, marked if nobody asked for it and a candidate's program can settle it."""
    is_compared = any(candidate.exports(job) for candidate in candidates)
    alone = job.because == (job.config_file,) and is_compared
    asked = request.all_matching or request.models
    return job.model_copy(update={"only_by_code": True}) if alone and not asked else job


def _manifest_name(path: Path) -> str:
    """How ``--suite`` can name the manifest again: a bundled one by name, else by path."""
    return path.stem if bundled_suites().get(path.stem) == path else str(path)


def _job_or_reason(
    case: Case, trees: Trees, manifest: Manifest, base: str, head: str, request: Request
) -> Job | Skipped | None:
    if not case.because:
        return None
    skipped = _reason_to_skip(case, trees.head, request)
    if skipped is not None:
        return skipped
    sides: dict[Side, SideSpec] = {}
    before = _base_side(case, trees.base_check, base)
    try:
        sides["head"] = _side(case, trees.head_check, head, required=True)
    except InputError as error:
        broken = isinstance(before, Absence) and before.kind == "broken"
        words = f"{error.file}: {f'{error.key}: ' if error.key else ''}{error.message}"
        reason = f"broken on both sides: {words}" if broken else f"bad input: {words}"
        return Skipped(case=case.id, reason=reason, needed=not broken)
    problem = before.reason if isinstance(before, Absence) else None
    if not isinstance(before, Absence):
        sides["base"] = before
    unmeasured = find_unmeasured(case, sides, trees.suite)
    if unmeasured is not None:
        return Skipped(case=case.id, reason=unmeasured, needed=True)
    return _job(case, sides, manifest, trees, problem)


@dataclass(frozen=True)
class Absence:
    """Why a case has no base side: its config is new, or it was already broken on base."""

    kind: Literal["new", "broken"]
    reason: str


def _reason_to_skip(case: Case, tree: ConfigTree, request: Request) -> Skipped | None:
    if request.models and not matches(case.model.name, request):
        reason = "its model was not requested"
        return Skipped(case=case.id, reason=reason, needed=request.all_needed)
    if request.recipe is not None and case.recipe.name != request.recipe:
        reason = "its recipe was not requested"
        return Skipped(case=case.id, reason=reason, needed=request.all_needed)
    if case.only_training and not (request.training_too or request.all_matching):
        return Skipped(
            case=case.id,
            reason="only training keys differ: exported weights stay the same; run it anyway with "
            "--include-training",
        )
    for file in (case.model.config, case.recipe.file):
        if file not in tree.files and not file.startswith(SHIPPED):
            reason = f"{file} does not exist on head, but the manifest names it"
            return Skipped(case=case.id, reason=reason, needed=True)
    return None


def _base_side(case: Case, check: LoadCheck, commit: str) -> SideSpec | Absence:
    """The base side, or why there is none: this change is not to blame for a broken base."""
    if case.model.config not in check.tree.files:
        return Absence("new", f"{case.model.config} is new")
    try:
        return _side(case, check, commit, required=False)
    except InputError as error:
        return Absence("broken", f"broken before this change: {error.file}: {error.message}")


def _side(case: Case, check: LoadCheck, commit: str, *, required: bool) -> SideSpec:
    """The resolved contents of one side. A missing data config is an error if ``required``; else
    the model config says where the data is. Raises InputError for what the suite cannot load.
    """
    tree = check.tree
    config = check.load(case.model.config)
    recipe = recipe_document(case.recipe.file, tree)
    if recipe is not None:
        parse_recipe(recipe, case.recipe.file)  # a broken recipe is bad input, not a failed job
    data = case.recipe.data_config
    data_file = data if data and (required or data in tree.files) else case.model.config
    data_config = config
    if data_file != case.model.config:
        data_config = check.suite.evaluated(config, check.load(data_file))
    shape = case.model.input_shape or tree.dialect.input_shape(config)
    return SideSpec(
        commit=commit,
        config=config,
        recipe=recipe,
        recipe_text=None if case.recipe.file.startswith(SHIPPED) else tree.text(case.recipe.file),
        data_config=data_config,
        data_file=data_file,
        input_shape=tuple(shape),
        code=tree.code,
    )


def _job(
    case: Case,
    sides: dict[Side, SideSpec],
    manifest: Manifest,
    trees: Trees,
    base_problem: str | None,
) -> Job:
    model, recipe = case.model, case.recipe
    gate: Gate = recipe.gate or model.gate or manifest.gate
    return Job(
        id=case.id,
        model=model.name,
        recipe=recipe.name,
        config_file=model.config,
        recipe_file=recipe.file,
        sides=sides,
        weights=model.weights,
        dynamic_shape=model.dynamic_shape,
        output_op=model.output_op,
        delete_passes=recipe.delete_passes,
        targets=model.targets,
        gate=gate,
        published=tuple(p for p in model.published if p.recipe == recipe.name),
        because=case.because,
        base_problem=base_problem,
        recounted=recounted_keys(sides, trees.suite),
    )


def _refuse_unmatched(request: Request, cases: list[Case]) -> None:
    names = tuple(sorted({case.model.name for case in cases}))
    for pattern in request.models:
        if not fnmatch.filter(names, pattern):
            raise InputError(
                f"no model matches {pattern!r}",
                key="--models",
                given=pattern,
                choices=names,
                hint="give the name of a model, or a pattern such as PP-* that matches one",
            )
