"""Finds the configs that a change affects: those whose resolved content differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.plan.key_changes import KeyChanges
from bot.plan.trees import Trees, config_paths, resolve_or_none
from bot.plan.values import Affected, BadInput, Change, Reason
from compress.differences import differing_paths
from compress.heirs import find_heirs
from compress.loadable import LoadCheck
from compress.manifest import Manifest, under
from compress.suites.dialect import Document, Impact
from compress.suites.impact import impact_of, starts_with_any
from core.errors import InputError, shorten

MAX_REASONS, MAX_KEYS, MAX_KEY = 8, 50, 200
"""How many reasons and differing keys a plan lists for a config, and the characters of a key."""


def find_affected(trees: Trees, manifest: Manifest) -> list[Affected]:
    """Every affected config, with the reasons, the keys that differ and what those can touch. One
    that the suite cannot load on head is among them, with the problem, also if its content is the
    same but could be loaded on base.
    """
    changed = trees.changed_files()
    if not changed:
        return []
    return list(_differing(trees, manifest, changed))


def _differing(trees: Trees, manifest: Manifest, changed: set[str]) -> Iterator[Affected]:
    both, key_changes = (trees.base, trees.head), KeyChanges(trees)
    heirs = {p for tree in both for p in find_heirs(tree, config_paths(tree, manifest), changed)}
    for path in sorted(heirs):
        reasons, more = _reasons(trees, path, changed)
        if not reasons:
            continue
        old, new = (resolve_or_none(tree, path) for tree in (trees.base, trees.head))
        comparison = _compare(old, new, trees, path)
        problem = _problem(trees, path, manifest)
        is_same = comparison is None and new is not None
        if problem is not None:
            if not (is_same and problem.before):
                yield _broken(trees, path, reasons, problem, more)
        elif comparison is not None:
            paths, change = comparison
            if _was_broken(trees, path, manifest, reasons):
                paths, change = [], "repaired"
            keys = [".".join(path) for path in paths]
            yield Affected(
                config=path,
                change=change,
                reasons=reasons,
                keys=tuple(shorten(key, MAX_KEY) for key in keys[:MAX_KEYS]),
                impact=_impact(path, change, keys, trees, manifest),
                more_reasons=more,
                more_keys=max(0, len(keys) - MAX_KEYS),
                changes=key_changes.of(old or {}, new or {}, paths, _nearest(reasons)),
            )


def _nearest(reasons: tuple[Reason, ...]) -> list[str]:
    """The changed files, those first through which the config inherits the least."""
    return [reason.changed for reason in sorted(reasons, key=lambda reason: len(reason.via))]


def _broken(
    trees: Trees, path: str, reasons: tuple[Reason, ...], problem: BadInput, more: int
) -> Affected:
    change: Change = "modified" if path in trees.base.files else "added"
    return Affected(
        config=path,
        change=change,
        reasons=reasons,
        keys=(),
        impact="graph",
        problem=problem,
        more_reasons=more,
    )


def _problem(trees: Trees, path: str, manifest: Manifest) -> BadInput | None:
    """Why the suite cannot load the config on head; None if it can, or if head has no such file.
    Recipes are only resolved here, since the suite's own loader does not read them.
    """
    if path not in trees.head.files:
        return None
    whole = under(path, manifest.config_roots) or path in manifest.data_configs

    def check(side: LoadCheck) -> InputError | None:
        return side.problem(path) if whole else side.unresolved(path)

    error = check(trees.head_check)
    if error is None:
        return None
    broken = path in trees.base.files and check(trees.base_check) is not None
    return BadInput(file=error.file or path, key=error.key, message=error.message, before=broken)


def _was_broken(trees: Trees, path: str, manifest: Manifest, reasons: tuple[Reason, ...]) -> bool:
    """Whether the suite could not load the config on base, by one of the files that differ."""
    if path not in trees.base.files:
        return False
    check = trees.base_check
    if check.unresolved(path) is not None:
        return True
    if not under(path, manifest.config_roots) or path not in trees.head.files:
        return False
    changed = {reason.changed for reason in reasons if reason.changed in trees.base.files}
    if path in changed:
        return check.problem(path) is not None
    return any(check.problem_of_file(file) is not None for file in changed)


def _impact(path: str, change: Change, keys: list[str], trees: Trees, manifest: Manifest) -> Impact:
    """What the difference can touch. For a recipe that is compression, except for ``Global``: only
    the suites' own scripts read it, so that nothing that is measured changes.
    """
    if change != "modified":
        return "graph"
    if not under(path, manifest.recipe_roots):
        return impact_of(keys, trees.head.dialect)
    return "training" if all(starts_with_any(key, ["Global"]) for key in keys) else "compression"


def _compare(
    old: Document | None, new: Document | None, trees: Trees, path: str
) -> tuple[list[tuple[str, ...]], Change] | None:
    """The paths at which both differ, and how; None if they do not."""
    if old is None and new is None:
        return None
    if old is new:
        return None
    if old is None:
        return [], "added"
    if new is None:
        return [], "removed" if path not in trees.head.files else "modified"
    paths = differing_paths(old, new)
    return (paths, "modified") if paths else None


def _reasons(trees: Trees, path: str, changed: set[str]) -> tuple[tuple[Reason, ...], int]:
    """The changed files that the config depends on, on either side: the nearest, and how many are
    left out.
    """
    chains: dict[str, Any] = {}
    for tree in (trees.base, trees.head):
        if path in tree.files:
            chains.update({f: via for f, via in tree.closure(path).items() if f in changed})
    nearest = sorted(chains, key=lambda file: (len(chains[file]), file != path, file))[:MAX_REASONS]
    reasons = tuple(Reason(changed=file, via=chains[file]) for file in sorted(nearest))
    return reasons, len(chains) - len(reasons)
