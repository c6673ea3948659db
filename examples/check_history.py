"""Plans for a suite's own history, against what its own loader says of every config.

    python -m examples.check_history paddleseg /path/to/PaddleSeg --since 2022-01-01

For every commit that touches YAML, the configs whose content differs are those that the suite's
loader reads differently before and after. Each config is loaded in a process of its own, since
PaddleDetection merges the first base of a config into a mapping that all loads share. A config is
loaded again once a file that its loader opened is another one.
"""

from __future__ import annotations

import argparse
import builtins
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
import zlib  # noqa: F401  before paddle
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.plan.cases import Request
from bot.plan.make import make_plan, read_trees
from bot.plan.trees import YAML, config_paths
from bot.plan.values import Plan
from compress.manifest import Manifest, find_manifest, load_manifest
from core.canonical import content_hash
from core.errors import InputError
from core.git import Entry, GitRepo, open_repo
from examples.check_resolve import SUITES, load_as_suite

LOADERS = {"paddleseg": "paddleseg.cvlibs.config", "paddledet": "ppdet.core.workspace"}
REFUSED = "refused"
Opened = dict[str, str | None]
"""By path, the object name of what a loader opened; None where there was no such file."""


def main() -> int:
    """Prints what differs, then precision and recall; returns 1 unless both are 1."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("repo", type=Path)
    parser.add_argument("--since", default="2022-01-01")
    parser.add_argument("--every", type=int, default=1, help="take every nth commit")
    options = parser.parse_args()
    repo = open_repo(options.repo)
    path = find_manifest(SUITES[options.suite])
    manifest = load_manifest(path)
    importlib.import_module(LOADERS[options.suite])  # before processes are forked
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        oracle = Oracle(options.suite, repo, Path(folder).resolve())
        for commit, parent in commits(options.repo, options.since)[:: options.every]:
            counts.update(compare(commit, parent, repo, manifest, path, oracle))
    found, expected = counts["both"] + counts["ours"], counts["both"] + counts["theirs"]
    print(
        f"{counts['commits']} commits, {counts['ended']} of them without a plan; "
        f"{expected} configs differ; precision {counts['both'] / max(found, 1):.3f}, recall "
        f"{counts['both'] / max(expected, 1):.3f}; {counts['refused']} that the suite cannot load "
        f"on a side are left out; {counts['plan ms'] / max(counts['commits'], 1) / 1e3:.2f} s for "
        f"a plan, {counts['loads']} loads by the suite"
    )
    return int(bool(counts["ended"] or counts["ours"] or counts["theirs"]))


def commits(repo: Path, since: str) -> list[tuple[str, str]]:
    """Every commit with one parent that touches YAML, and the parent; the oldest first."""
    command = ["git", "-C", str(repo), "log", "--reverse", "--no-merges", f"--since={since}"]
    listing = subprocess.run(
        [*command, "--format=%H %P", "--", "*.yml", "*.yaml"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    pairs = [line.split() for line in listing.splitlines()]
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]


def compare(
    commit: str, parent: str, repo: GitRepo, manifest: Manifest, path: Path, oracle: Oracle
) -> Counter[str]:
    """What the plan and the suite's loader find, together and alone."""
    start = time.perf_counter()
    counts: Counter[str] = Counter(commits=1)
    try:
        plan = make_plan(repo, parent, commit, manifest, path, Request(), threads=2)
    except InputError as error:
        print(f"{commit[:12]}: no plan: {error}")
        return counts + Counter(ended=1)
    counts["plan ms"] = int((time.perf_counter() - start) * 1e3)
    trees = read_trees(repo, parent, commit, manifest)
    paths = {*config_paths(trees.base, manifest), *config_paths(trees.head, manifest)}
    before, after = (oracle.read(tree.files, paths) for tree in (trees.base, trees.head))
    differing = {p for p in paths if before.get(p) != after.get(p)}
    refused = {p for p in paths if REFUSED in (before.get(p), after.get(p))}
    theirs, ours = differing - refused, by_content(plan) - refused
    for name, configs in (("ours", ours - theirs), ("theirs", theirs - ours)):
        for config in sorted(configs):
            print(f"{commit[:12]}: {config}: only {name}")
    counts.update(
        both=len(ours & theirs),
        ours=len(ours - theirs),
        theirs=len(theirs - ours),
        refused=len(refused & (differing | by_content(plan))),
        loads=oracle.take_loads(),
    )
    return counts


def by_content(plan: Plan) -> set[str]:
    """The configs whose content differs."""
    return {item.config for item in plan.affected if item.change != "code"}


@dataclass
class Oracle:
    """What the suite's own loader reads from configs. ``folder`` holds the YAML files of one
    revision; ``known``: by config, the files that were opened, and what came of it.
    """

    suite: str
    repo: GitRepo
    folder: Path
    known: defaultdict[str, list[tuple[Opened, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    laid_out: dict[str, Entry] = field(default_factory=dict)
    loads: int = 0

    def read(self, files: Mapping[str, Entry], paths: set[str]) -> dict[str, str]:
        """By config, a hash of its content, or that the suite refuses it."""
        blobs = {path: entry.blob for path, entry in files.items() if path.endswith(YAML)}
        answers = {path: self._recall(path, blobs) for path in paths if path in blobs}
        missing = [path for path, answer in answers.items() if answer is None]
        if missing:
            self._lay_out({p: e for p, e in files.items() if p.endswith(YAML)})
        for path in missing:
            opened, answer = load_alone(self.suite, self.folder, path)
            self.loads += 1
            self.known[path].append(({p: blobs.get(p) for p in opened}, answer))
            answers[path] = answer
        return {path: str(answer) for path, answer in answers.items()}

    def take_loads(self) -> int:
        """How many loads there were since the last call."""
        loads, self.loads = self.loads, 0
        return loads

    def _recall(self, path: str, blobs: Mapping[str, str]) -> str | None:
        for opened, answer in self.known[path]:
            if all(blobs.get(file) == blob for file, blob in opened.items()):
                return answer
        return None

    def _lay_out(self, files: Mapping[str, Entry]) -> None:
        for path in self.laid_out.keys() - files.keys():
            (self.folder / path).unlink()
        new = {p: e for p, e in files.items() if self.laid_out.get(p) != e}
        contents = dict(self.repo.read({entry.blob for entry in new.values()}))
        for path, entry in new.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(contents[entry.blob] or b"")
        self.laid_out = dict(files)


def load_alone(suite: str, folder: Path, path: str) -> tuple[list[str], str]:
    """The files that the loader opened, and the hash of what it read, by a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as pipe:
            json.dump(_load(suite, folder, path), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    opened, answer = json.loads(text) if text else ([path], REFUSED)
    return opened, answer


def _load(suite: str, folder: Path, path: str) -> tuple[list[str], str]:
    opened = [path]
    real = builtins.open

    def watching(file: Any, *arguments: Any, **options: Any) -> Any:
        name = Path(str(file)).resolve()
        if name.is_relative_to(folder):
            opened.append(name.relative_to(folder).as_posix())
        return real(file, *arguments, **options)

    builtins.open = watching
    content = load_as_suite(suite, folder / path)
    answer = REFUSED if content is None else content_hash(_with_types(content))
    return sorted(set(opened)), answer


def _with_types(value: Any) -> Any:
    """The value in a form in which 1, 1.0 and True differ."""
    if isinstance(value, dict):
        return {str(key): _with_types(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_types(inner) for inner in value]
    return f"{type(value).__name__} {value}"


if __name__ == "__main__":
    sys.exit(main())
