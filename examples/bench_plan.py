"""How long ``slimgate plan`` takes on a suite, against loading both sides by the suite's own code.

    python -m examples.bench_plan paddledet /path/to/PaddleDetection

Whole processes with cold caches, medians of five, in one run: a leaf of the inheritance, a file
from which hundreds inherit, one module of code, and the same configs many times over. Changes are
commits in a clone of their own, made without a checkout.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zlib  # noqa: F401  before paddle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.plan.trees import config_paths
from compress.manifest import find_manifest, load_manifest
from compress.resolve import ConfigTree
from compress.suites import find_dialect
from core.git import open_repo
from examples.check_resolve import SUITES
from examples.edited_clone import EditedClone

RUNS, COPIES = 5, (3, 6, 13)
EDITS = {
    "paddledet": {
        "one leaf": (
            "configs/picodet/picodet_s_320_coco_lcnet.yml",
            "_BASE_:",
            "epoch: 7\n_BASE_:",
        ),
        "a base of hundreds": ("configs/runtime.yml", "log_iter: 20", "log_iter: 21"),
        "one module": ("ppdet/modeling/backbones/lcnet.py", "self.conv1(x)", "self.conv1(x) * 1"),
    },
    "paddleseg": {
        "one leaf": (
            "configs/unet/unet_cityscapes_1024x512_160k.yml",
            "model:",
            "iters: 7\nmodel:",
        ),
        "a base of hundreds": ("configs/_base_/cityscapes.yml", "batch_size: 2", "batch_size: 3"),
        "one module": (
            "paddleseg/models/backbones/strideformer.py",
            "return x\n",
            "return x * 1\n",
        ),
    },
}
LOADING = """
import sys, zlib
from pathlib import Path
import importlib
from examples.check_history import LOADERS, load_alone
importlib.import_module(LOADERS[sys.argv[1]])
for path in Path(sys.argv[3]).read_text().split():
    load_alone(sys.argv[1], Path(sys.argv[2]), path)
"""


@dataclass(frozen=True)
class Timing:
    """Seconds of whole processes, and the most memory that one of them held."""

    seconds: tuple[float, ...]
    peak_bytes: int

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def main() -> int:
    """Prints a line for each change."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("repo", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clone = EditedClone(Path(folder) / "clone", options.repo)
        base = clone.commit("HEAD^{tree}")
        loading = time_loading(options.suite, clone, base, Path(folder))
        print(f"loading both sides by the suite: {loading:.1f} s")
        for name, change in EDITS[options.suite].items():
            timing = time_plan(options.suite, clone, base, edit(clone, base, *change))
            print(
                f"{name}: {timing.median:.2f} s, {loading / timing.median:.0f} times as fast, "
                f"{timing.peak_bytes / 1e6:.0f} MB"
            )
        leaf = EDITS[options.suite]["one leaf"]
        for copies in COPIES:
            many = clone.multiply(base, "configs", copies)
            timing = time_plan(options.suite, clone, many, edit(clone, many, *leaf))
            count = len(paths_of(options.suite, clone.path, many))
            print(
                f"one leaf of {count} configs: {timing.median:.2f} s, "
                f"{timing.peak_bytes / 1e6:.0f} MB"
            )
    return 0


def edit(clone: EditedClone, commit: str, file: str, old: str, new: str) -> str:
    """A commit in which a text of the file is another; raises SystemExit if it has none."""
    text = clone.read(commit, file)
    if old not in text:
        raise SystemExit(f"{file} does not contain {old!r}")
    return clone.write(commit, file, text.replace(old, new, 1))


def paths_of(suite: str, repo: Path, commit: str) -> list[str]:
    """The configs of a commit."""
    opened = open_repo(repo)
    tree = ConfigTree(opened.tree(commit), lambda _: None, find_dialect(suite))
    return config_paths(tree, load_manifest(find_manifest(SUITES[suite])))


def time_loading(suite: str, clone: EditedClone, commit: str, folder: Path) -> float:
    """Seconds to load all configs twice, each in a process of its own that is forked once the suite
    is imported.
    """
    paths = paths_of(suite, clone.path, commit)
    files = folder / "files"
    for path, content in contents(clone.path, commit):
        (files / path).parent.mkdir(parents=True, exist_ok=True)
        (files / path).write_bytes(content)
    (folder / "paths.txt").write_text("\n".join([*paths, *paths]))
    command = [sys.executable, "-c", LOADING, suite, str(files), str(folder / "paths.txt")]
    seconds = run([*command]).seconds[0]
    shutil.rmtree(files)
    return seconds


def contents(repo: Path, commit: str) -> Iterator[tuple[str, bytes]]:
    """The YAML files of a commit."""
    opened = open_repo(repo)
    entries = {p: e for p, e in opened.tree(commit).items() if p.endswith((".yml", ".yaml"))}
    blobs = dict(opened.read({entry.blob for entry in entries.values()}))
    for path, entry in entries.items():
        yield path, blobs[entry.blob] or b""


def time_plan(suite: str, clone: EditedClone, base: str, head: str) -> Timing:
    """Plans in processes of their own."""
    command = [sys.executable, "-m", "bot.cli", "plan", "--suite", SUITES[suite]]
    command += ["--repo", str(clone.path), "--base", base, "--head", head]
    timings = [run(command) for _ in range(RUNS)]
    seconds = tuple(second for timing in timings for second in timing.seconds)
    return Timing(seconds, max(timing.peak_bytes for timing in timings))


def run(command: Sequence[str]) -> Timing:
    """Runs a process to its end; raises SystemExit if it fails."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"exit {process.returncode}: {' '.join(command)}")
    return Timing((time.perf_counter() - start,), usage.ru_maxrss * 1024)


if __name__ == "__main__":
    sys.exit(main())
