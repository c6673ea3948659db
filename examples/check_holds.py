"""How many real changes of configs would have waited for a maintainer.

    python -m examples.check_holds paddleseg /path/to/PaddleSeg --years 2

Walks the default branch's own commits (a pull request each, where they are squashed or merged),
takes those that change YAML files of configs and documentation alone, and asks of every model that
each one affects whether its config says more than the base branch's configs vouch for.
"""

from __future__ import annotations

import argparse
import collections
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bench.job import SideSpec
from bot.plan.affected import find_affected
from bot.plan.make import read_trees
from bot.plan.trees import YAML
from bot.plan.words import read_base_branch
from compress.manifest import Manifest, find_manifest, load_manifest, under
from core.errors import InputError
from core.git import GitRepo, open_repo

DOCUMENTATION = (".md", ".rst", ".png", ".jpg", ".gif", ".svg")
SUITES = {"paddleseg": "PaddleSeg", "paddledet": "PaddleDetection"}


def main() -> int:
    """Prints a line for each change that would have waited, and the share."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("repo", type=Path)
    parser.add_argument("--years", type=float, default=2.0, help="years before the last commit")
    parser.add_argument("--verbose", action="store_true", help="also print what would wait")
    options = parser.parse_args()
    repo, manifest = open_repo(options.repo), load_manifest(find_manifest(SUITES[options.suite]))
    counts: collections.Counter[str] = collections.Counter()
    for commit in _commits(options.repo, options.years):
        counts["commits"] += 1
        try:
            words = _unknown_words(repo, manifest, commit)
        except InputError as error:
            print(f"{commit[:12]} cannot be planned: {error.file}: {error.message}")
            continue
        if words is None:
            continue
        counts["config-only"] += 1
        counts["waiting"] += bool(words)
        if words:
            print(f"{commit[:12]} waits: {words[0]}" + (f" … {len(words)}" if words[1:] else ""))
            if options.verbose:
                print(*(f"    {word}" for word in words), sep="\n")
    share = counts["waiting"] / max(1, counts["config-only"])
    print(
        f"{manifest.suite}: of {counts['commits']} changes, {counts['config-only']} change models' "
        f"configs alone; {counts['waiting']} of these would wait: {share:.0%}"
    )
    return 0


def _commits(repo: Path, years: float) -> Iterator[str]:
    def git(*arguments: str) -> str:
        command = ["git", "-C", str(repo), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    newest = int(git("log", "-1", "--format=%ct"))
    since = newest - int(years * 365.25 * 86_400)
    yield from git("log", "--first-parent", f"--since={since}", "--format=%H").split()


def _unknown_words(repo: GitRepo, manifest: Manifest, commit: str) -> list[str] | None:
    """What a change says beyond data; None for one that is not of models' configs alone."""
    try:
        parent = repo.resolve(f"{commit}^")
    except InputError:
        return None
    old, new = repo.tree(parent), repo.tree(commit)
    changed = {path for path, _ in old.items() ^ new.items()}
    roots = (*manifest.config_roots, *manifest.recipe_roots)
    configs = {path for path in changed if path.endswith(YAML) and under(path, roots)}
    if not configs or not all(path.endswith(DOCUMENTATION) for path in changed - configs):
        return None
    trees = read_trees(repo, parent, commit, manifest)
    affected = [item.config for item in find_affected(trees, manifest) if item.change != "removed"]
    resolved = {path: trees.head.resolve(path) for path in affected}
    models = {path: doc for path, doc in resolved.items() if trees.head.dialect.is_model(doc)}
    if not models:
        return None
    reader = read_base_branch(trees.base, manifest)
    words: dict[str, None] = {}
    for path, config in models.items():
        side = SideSpec(
            commit=commit,
            config=config,
            recipe=None,
            data_config=config,
            change="history",
            input_shape=trees.head.dialect.input_shape(config),
        )
        words.update(dict.fromkeys(reader.unknown_in_side(side, path, None)))
    return list(words)


if __name__ == "__main__":
    raise SystemExit(main())
