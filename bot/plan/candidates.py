"""Chooses the models whose programs are compared, and those that are measured for others. Pure."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.candidate import Candidate, Origin
from bot.plan.cases import Request
from bot.plan.code import MAX_NAMED, CodeEffects, Touched
from bot.plan.trees import Trees, resolve_or_none
from bot.plan.values import Affected, Skipped
from bot.text.lists import first_of
from compress.manifest import Manifest, Model, under
from compress.suites.code.graph import Symbol
from compress.suites.dialect import Impact

LIMITS = {"quick": 40, "full": 400}
"""How many programs are compared, by budget: each takes two exports, of some seconds."""
NETWORK_ONLY: frozenset[Impact] = frozenset({"graph", "training"})
"""What changed code may decide if equal programs are to settle it."""


@dataclass(frozen=True)
class Chosen:
    """``compared``: configs in the order of their use; ``representatives``: those of them that the
    manifest does not list and that are measured if their programs differ; ``rows``: what stands for
    other models.
    """

    compared: tuple[str, ...] = ()
    representatives: tuple[str, ...] = ()
    rows: tuple[Skipped, ...] = ()


def choose(
    effects: CodeEffects,
    affected: Sequence[Affected],
    manifest: Manifest,
    running: Collection[str],
    request: Request,
) -> Chosen:
    """Of the models that code alone affects, those that use all that differs come first: those of
    ``running``, whose jobs run anyway, then as few others as it takes, then the rest, folder by
    folder.
    """
    by_code = {item.config for item in affected if item.change == "code"}
    touched = {c: item for c, item in effects.touched.items() if c in by_code}
    networks = {
        config: item
        for config, item in touched.items()
        if "graph" in item.impacts and under(config, manifest.config_roots)
    }
    listed = dict.fromkeys(model.config for model in manifest.models)
    first = [config for config in listed if config in networks and config in running]
    features = {c: _features(c, item, request) for c, item in networks.items()}
    jobs = {config: effects.touched[config] for config in running if config in effects.touched}
    covered = set[Symbol | str]().union(*(_features(c, item, request) for c, item in jobs.items()))
    others = {c: features[c] - covered for c in sorted(networks.keys() - listed.keys())}
    covering = cover(others)
    rest = _spread(sorted(networks.keys() - {*first, *covering}))
    is_narrowed = bool(request.models or request.recipe)  # nothing but these is to run
    limit = 0 if is_narrowed else LIMITS[request.budget]
    compared = (*first, *covering, *rest)[:limit]
    kept = [config for config in covering if config in compared]
    representatives = tuple(kept[: max(0, manifest.max_jobs - len(running))])
    rows = [*_uncovered(covering, compared, request, is_narrowed)]
    rows += _rows(touched, {*listed, *compared, *covering}, {*jobs, *compared})
    return Chosen(compared, representatives, tuple(rows))


def _uncovered(
    covering: Sequence[str], compared: Collection[str], request: Request, is_narrowed: bool
) -> Iterator[Skipped]:
    """That code differs which nothing uses that is compared."""
    left = [config for config in covering if config not in compared]
    if left and is_narrowed:
        reason = "code that they use differs, and they were not requested"
        yield Skipped(config=first_of(left, MAX_NAMED), reason=reason, needed=request.all_needed)
    elif left:
        reason = (
            f"code that they use differs, and no more than {len(compared)} models are compared"
            f"{'; take the full budget' if request.budget == 'quick' else ''}"
        )
        yield Skipped(config=first_of(left, MAX_NAMED), reason=reason, needed=True)


def cover(features: Mapping[str, Collection[object]]) -> list[str]:
    """Few names that together have all features: at each step the one with the most of what is
    missing; of equals, the first by name.
    """
    missing = set[object]().union(*features.values())
    chosen: list[str] = []
    while missing:
        best = min(features, key=lambda name: (-len(missing.intersection(features[name])), name))
        chosen.append(best)
        missing.difference_update(features[best])
    return chosen


def _features(config: str, item: Touched, request: Request) -> set[Symbol | str]:
    """What differs and is used; with the full budget, each folder of configs counts as well."""
    folder = posixpath.dirname(config)
    return {*item.definitions, *([folder] if request.budget == "full" else [])}


def _spread(configs: Sequence[str]) -> list[str]:
    """The configs, the first of every folder before the second of any."""
    seen: defaultdict[str, int] = defaultdict(int)
    places = {}
    for config in configs:
        folder = posixpath.dirname(config)
        places[config] = (seen[folder], config)
        seen[folder] += 1
    return sorted(configs, key=places.__getitem__)


def _rows(
    touched: Mapping[str, Touched], named: Collection[str], looked_at: Collection[str]
) -> Iterator[Skipped]:
    """The models that are neither compared nor measured, by the files that affect them, apart from
    ``named``. ``looked_at``: those that are.
    """
    used = (touched[config].definitions for config in looked_at if config in touched)
    seen = set[Symbol]().union(*used)
    groups: defaultdict[tuple[tuple[str, ...], bool], list[str]] = defaultdict(list)
    for config, item in touched.items():
        if config not in named:
            key = (tuple(sorted(item.reasons)), item.definitions <= seen)
            groups[key].append(config)
    for (files, is_seen), configs in groups.items():
        words = "; others that use it stand for them" if is_seen else ""
        reason = (
            f"models that the manifest does not list use it: {first_of(configs, MAX_NAMED)}{words}"
        )
        yield Skipped(config=first_of(files, MAX_NAMED), reason=reason)


def make_candidates(
    chosen: Chosen,
    effects: CodeEffects,
    trees: Trees,
    manifest: Manifest,
    commits: tuple[str, str],
) -> tuple[Candidate, ...]:
    """The candidates of a plan, as runners take them. ``commits``: of base and head."""
    models = {model.config: model for model in reversed(manifest.models)}
    touched = [effects.touched[config].definitions for config in chosen.compared]
    number_of = {symbol: n for n, symbol in enumerate(sorted(set[Symbol]().union(*touched)))}
    origins = {
        side: Origin(commit=commit) for side, commit in zip(("base", "head"), commits, strict=True)
    }
    made = []
    for config in chosen.compared:
        resolved = resolve_or_none(trees.head, config)
        if resolved is not None:
            model = models.get(config) or Model(name="unlisted", config=config)
            made.append(
                Candidate(
                    config_file=config,
                    config=resolved,
                    sides=origins,
                    input_shape=model.input_shape or trees.head.dialect.input_shape(resolved),
                    output_op=model.output_op,
                    dynamic_shape=model.dynamic_shape,
                    targets=model.targets,
                    definitions=tuple(
                        sorted(number_of[s] for s in effects.touched[config].definitions)
                    ),
                    settles=effects.touched[config].impacts <= NETWORK_ONLY,
                )
            )
    return tuple(made)
