"""The code that a change is said to affect, against the code that models really enter.

    python -m examples.check_code paddleseg /path/to/PaddleSeg --every 4

Every model of the checkout is built with the suite's own code and runs forward once, in a process
of its own, while Python tells which functions are entered. What a plan says that a model's graph
can use has to hold all of them. Counted are modules of networks, by model; losses and assigners
apart, since they are built with a model and used in training alone.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import zlib  # noqa: F401  before paddle
from collections import Counter
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

from bot.plan.code import CodeSide, read_side
from bot.plan.make import read_trees
from bot.plan.trees import config_paths, resolve_or_none
from compress.in_worker.suite import load_driver, write_config
from compress.manifest import find_manifest, load_manifest
from compress.suites.dialect import Document
from core.git import open_repo

SUITES = {"paddleseg": "PaddleSeg", "paddledet": "PaddleDetection"}
NETWORKS = {"paddleseg": "paddleseg/models/", "paddledet": "ppdet/modeling/"}
TRAINING = ("losses", "assigners")
SIDE = 320
TIMEOUT_S = 120.0
Outcome = frozenset[str] | str
"""The files that were entered, or the error that kept a model from running."""


def main() -> int:
    """Prints what each model enters beyond what was said, and recall and precision."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("repo", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every nth model")
    options = parser.parse_args()
    side, models = read_models(options.suite, options.repo)
    prepare(options.suite, options.repo)
    counts: Counter[str] = Counter()
    superfluous: Counter[str] = Counter()
    for config, resolved in models[:: options.every]:
        entered = run_alone(options.suite, options.repo.resolve(), resolved)
        if isinstance(entered, str):
            counts["did not run"] += 1
            print(f"{config}: {entered}")
            continue
        said = {side.graph.paths[symbol.module] for symbol in side.uses(resolved)["graph"]}
        ours, theirs = (networks(options.suite, files) for files in (said, entered))
        counts["models"] += 1
        counts["found"] += len(ours & theirs)
        counts["missed"] += len(theirs - ours)
        superfluous.update(ours - theirs)
        if theirs - ours:
            print(f"{config}: missed {', '.join(sorted(theirs - ours))}")
    for file, number in superfluous.most_common(10):
        print(f"not entered by {number} models that can use it: {file}")
    print(summary(counts, superfluous.total()))
    return int(counts["missed"] > 0 or not counts["models"])


def summary(counts: Counter[str], superfluous: int) -> str:
    """Recall and precision in words."""
    found, missed = counts["found"], counts["missed"]
    recall, precision = (found / max(1, found + wrong) for wrong in (missed, superfluous))
    return (
        f"{counts['models']} models ({counts['did not run']} did not run): recall "
        f"{recall:.3f} ({missed} missed), precision {precision:.3f} ({superfluous} superfluous)"
    )


def read_models(dialect: str, checkout: Path) -> tuple[CodeSide, list[tuple[str, Document]]]:
    """The suite's code at HEAD, and its models' configs with their resolved content."""
    manifest, repo = load_manifest(find_manifest(SUITES[dialect])), open_repo(checkout)
    head = repo.resolve("HEAD")
    trees = read_trees(repo, head, head, manifest)
    side = read_side(trees.head, trees.suite)
    assert side is not None
    resolved = {
        path: resolve_or_none(trees.head, path) for path in config_paths(trees.head, manifest)
    }
    models = [(p, doc) for p, doc in resolved.items() if doc and side.suite.dialect.is_model(doc)]
    return side, models


def networks(dialect: str, files: frozenset[str] | set[str]) -> set[str]:
    """Those of the files that are code of networks."""
    inside = (file for file in files if file.startswith(NETWORKS[dialect]))
    return {file for file in inside if not set(file.split("/")) & set(TRAINING)}


def prepare(dialect: str, checkout: Path) -> None:
    """Imports the checkout's code once; each model is then built in a fork of this process."""
    sys.path.insert(0, str(checkout.resolve()))
    import paddle

    paddle.set_device("cpu")
    load_driver(dialect).constructible()
    if dialect == "paddleseg":
        import paddleseg.cvlibs  # noqa: F401


def run_alone(dialect: str, checkout: Path, resolved: Document) -> Outcome:
    """Runs a model in a process of its own: PaddleDetection keeps configs as long as one lives."""
    forks = get_context("fork")
    ours, theirs = forks.Pipe(duplex=False)
    process = forks.Process(target=_run, args=(dialect, checkout, resolved, theirs))
    process.start()
    theirs.close()
    try:
        answer: Outcome = ours.recv() if ours.poll(TIMEOUT_S) else "no answer in time"
    except EOFError:
        answer = "the process died"
    process.kill()
    process.join()
    return answer


def _run(dialect: str, checkout: Path, resolved: Document, answer: Connection) -> None:
    entered: set[str] = set()
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        os.chdir(folder)
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)
        try:
            config = write_config(resolved, load_driver(dialect).constructible())
            for step in {"paddleseg": _segmentation, "paddledet": _detection}[dialect](config):
                with _telling(entered, f"{checkout}/"):
                    step()
        except Exception as error:  # noqa: BLE001  whatever the suite's code raises
            answer.send(f"{type(error).__name__}: {str(error).strip()[-150:]}")
            os._exit(0)
    answer.send(frozenset(entered))
    os._exit(0)


@contextlib.contextmanager
def _telling(entered: set[str], root: str) -> Iterator[None]:
    """Adds the files below ``root`` whose functions are entered inside."""

    def note(frame: FrameType, event: str, argument: Any) -> None:
        del argument
        if event == "call" and frame.f_code.co_filename.startswith(root):
            entered.add(frame.f_code.co_filename.removeprefix(root))

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)


def _segmentation(config: Path) -> Iterator[Callable[[], object]]:
    """Building the network, and running it."""
    import paddle
    from paddleseg.cvlibs import SegBuilder

    from compress.suites.paddleseg.in_worker.driver import build_config

    built = build_config(config)
    built.dic.setdefault("train_dataset", {"type": "Dataset"})
    builder = SegBuilder(built)
    yield lambda: builder.model
    builder.model.eval()
    image = paddle.zeros([1, 3, SIDE, SIDE])
    yield lambda: builder.model(image)


def _detection(config: Path) -> Iterator[Callable[[], object]]:
    """Building the network, and running it."""
    import paddle
    from ppdet.core.workspace import create

    from compress.suites.paddledet.in_worker.driver import fix_size, load_config_file

    cfg = load_config_file(config)
    fix_size(cfg, (1, 3, SIDE, SIDE))
    models: list[Any] = []
    yield lambda: models.append(create(cfg.architecture))
    models[0].eval()
    feeds = {
        "image": paddle.zeros([1, 3, SIDE, SIDE]),
        "im_shape": paddle.to_tensor([[float(SIDE)] * 2]),
        "scale_factor": paddle.to_tensor([[1.0, 1.0]]),
        "im_id": paddle.to_tensor([[0]]),
    }
    yield lambda: models[0](feeds)


if __name__ == "__main__":
    sys.exit(main())
