"""Walks every model config of a checkout and prints the keys that nobody classified.

``python -m examples.check_keys paddleseg|paddledet CHECKOUT [REVISION]`` resolves the revision's
configs. Each key must have a row in the suite's ``coverage``, or lie in a section that is named
like a class of the model, which is measured because the model is exported and run.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.plan.trees import config_paths
from compress.checkout import Checkout, open_checkout
from compress.manifest import under
from compress.registered import find_registry
from compress.suites import find_suite
from compress.suites.coverage import leaves
from compress.suites.registry_names import Registry
from core.errors import InputError

SUITES = {"paddleseg": "PaddleSeg", "paddledet": "PaddleDetection"}
NOT_OF_THE_MODEL = frozenset(
    {"callable", "dataset", "optimizer-section", "reader", "scheduler", "compression"}
)
"""Kinds of classes whose sections need rows of their own."""


def check(dialect: str, checkout: Path, revision: str) -> int:
    """Prints the unclassified keys and the counts by fate; returns how many are unclassified."""
    opened = open_checkout(SUITES[dialect], checkout, revision, None)
    fates: Counter[str] = Counter()
    unknown: dict[str, str] = {}
    for path, key, fate in fates_of(opened):
        fates[fate or "unclassified"] += 1
        if fate is None:
            unknown.setdefault(key, path)
    for key, path in sorted(unknown.items()):
        print(f"{key}: {path}")
    words = ", ".join(f"{count} {fate}" for fate, count in fates.most_common())
    print(f"keys of all configs: {words}; {len(unknown)} different ones are unclassified")
    return len(unknown)


def fates_of(opened: Checkout) -> Iterator[tuple[str, str, str | None]]:
    """The config, the key and its fate (None if unclassified), for every key of every config."""
    suite = find_suite(opened.manifest.dialect)
    registry = find_registry(opened.tree, suite)
    for path in config_paths(opened.tree, opened.manifest):
        if not under(path, opened.manifest.config_roots):
            continue
        try:
            resolved = opened.tree.resolve(path)
        except InputError as error:
            print(f"{path}: {error.message}", file=sys.stderr)
            continue
        for key in leaves(resolved):
            row = suite.coverage.find(key)
            of_model = _is_of_model(key, registry)
            yield path, key, row[1] if row else ("measured" if of_model else None)


def _is_of_model(key: str, registry: Registry | None) -> bool:
    kinds = registry.kinds(key.split(".")[0]) if registry else frozenset()
    return bool(kinds) and not kinds & NOT_OF_THE_MODEL


if __name__ == "__main__":
    sys.exit(min(1, check(sys.argv[1], Path(sys.argv[2]), (sys.argv[3:] or ["HEAD"])[0])))
