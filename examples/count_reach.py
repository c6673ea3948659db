"""How far changes of code reached in a suite's history, as ``slimgate plan`` sees it.

    python -m examples.count_reach paddleseg /path/to/PaddleSeg --last 300

For each of the last commits that touch Python: how many models it affects by code, and whether the
whole suite is affected because shared code or code that cannot be read differs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import Counter
from pathlib import Path

from bot.plan.code import find_code_effects
from bot.plan.make import read_trees
from compress.manifest import Manifest, find_manifest, load_manifest
from core.git import GitRepo, open_repo
from examples.check_resolve import SUITES

BANDS = ((0, "no model"), (5, "1 to 5"), (50, "6 to 50"), (10**9, "more than 50"))


def main() -> int:
    """Prints a line for each commit with --each, and how many commits reach how far."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("repo", type=Path)
    parser.add_argument("--last", type=int, default=300)
    parser.add_argument("--each", action="store_true", help="print every commit")
    options = parser.parse_args()
    repo, manifest = open_repo(options.repo), load_manifest(find_manifest(SUITES[options.suite]))
    counts: Counter[str] = Counter()
    for commit, parent in commits(options.repo, options.last):
        count, is_shared, rows = reach(commit, parent, repo, manifest)
        band = next(name for limit, name in BANDS if count <= limit)
        counts.update({band: 1, "by shared code": is_shared, "with unread code": bool(rows)})
        if options.each:
            print(f"{commit[:12]} {count} {'shared' if is_shared else ''} {' '.join(rows)}")
    for name, number in counts.items():
        print(f"{name}: {number}")
    return 0


def commits(repo: Path, last: int) -> list[tuple[str, str]]:
    """The last commits with one parent that touch Python, and their parents."""
    command = ["git", "-C", str(repo), "log", "--no-merges", f"--max-count={last}"]
    listing = subprocess.run(
        [*command, "--format=%H %P", "--", "*.py"], capture_output=True, text=True, check=True
    ).stdout
    pairs = [line.split() for line in listing.splitlines()]
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]


def reach(
    commit: str, parent: str, repo: GitRepo, manifest: Manifest
) -> tuple[int, bool, list[str]]:
    """How many models the code of a commit affects, whether shared code differs, and the files that
    leave the plan unsure.
    """
    trees = read_trees(repo, parent, commit, manifest)
    effects = find_code_effects(trees, manifest)
    shared = trees.suite.shared_code
    reasons = {reason for item in effects.affected for reason in item.reasons}
    is_shared = any(reason.changed.startswith(shared) for reason in reasons)
    return len(effects.affected), is_shared, [str(row.config) for row in effects.rows if row.needed]


if __name__ == "__main__":
    sys.exit(main())
