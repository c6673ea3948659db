"""The models that changes of code are said to affect, against the code that models really enter.

    python -m examples.check_code paddleseg /path/to/PaddleSeg

Modules are drawn with a fixed seed, beside a few named ones. A commit changes all classes and
functions of a module, and the models that a plan finds affected by it have to be those that enter
the module: see ``examples.entered_code``. Below, the same for all modules of the suite, without
commits. What a model enters is kept in a file, so that a second run goes on where the first ended.
"""

from __future__ import annotations

import argparse
import ast
import random
import sys
import tempfile
import zlib  # noqa: F401  before paddle
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tabulate import tabulate

from bot.plan.code import find_code_effects
from bot.plan.code_side import CodeSide, read_side
from bot.plan.make import read_trees
from bot.plan.trees import config_paths, resolve_or_none
from compress.manifest import Manifest, find_manifest, load_manifest
from compress.suites.dialect import Document
from core.git import open_repo
from examples.check_resolve import SUITES
from examples.edited_clone import EditedClone
from examples.entered_code import Entered, enter_all

KINDS = {
    "paddleseg": {
        "paddleseg/models/losses/": "losses",
        "paddleseg/models/": "networks",
        "paddleseg/transforms/": "transforms",
        "paddleseg/optimizers/": "optimizers",
        "paddleseg/cvlibs/": "shared",
        "paddleseg/utils/": "shared",
    },
    "paddledet": {
        "ppdet/modeling/losses/": "losses",
        "ppdet/modeling/assigners/": "losses",
        "ppdet/modeling/": "networks",
        "ppdet/data/transform/": "transforms",
        "ppdet/optimizer/": "optimizers",
        "ppdet/core/": "shared",
        "ppdet/utils/": "shared",
    },
}
"""By the folder of a module, its kind. Data sets, metrics and the loop of training are not entered
by what models run here.
"""
NAMED = {
    "paddleseg": (
        "paddleseg/models/backbones/stdcnet.py",
        "paddleseg/models/backbones/strideformer.py",
    ),
    "paddledet": ("ppdet/modeling/heads/pico_head.py", "ppdet/modeling/backbones/hgnet_v2.py"),
}
DRAWN, SEED = 20, 19


@dataclass
class Tally:
    """Pairs of a module and a model. ``found``: said and entered; ``missed``: entered alone;
    ``superfluous``: said alone, of models that ran to the end, and not what imports enter.
    """

    found: int = 0
    missed: set[str] = field(default_factory=set)
    superfluous: set[str] = field(default_factory=set)

    def add(self, said: set[str], module: str, entered: Mapping[str, Entered]) -> None:
        """``said``: the models that can use the module."""
        enter = {config for config, item in entered.items() if module in item.every}
        known = {
            c for c, item in entered.items() if not item.errors and module not in item.imported
        }
        self.found += len(said & enter)
        self.missed |= {f"{module}: {config}" for config in enter - said}
        self.superfluous |= {f"{module}: {config}" for config in (said - enter) & known}

    @property
    def row(self) -> tuple[int, int, int, float | None, float | None]:
        missed, superfluous = len(self.missed), len(self.superfluous)
        recall, precision = (
            self.found / (self.found + wrong) if self.found + wrong else None
            for wrong in (missed, superfluous)
        )
        return self.found, missed, superfluous, recall, precision


HEADERS = ("found", "missed", "superfluous", "recall", "precision")


def main() -> int:
    """Prints the figures by module and by kind; returns 1 if a model was missed."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("repo", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every nth model")
    parser.add_argument("--record", type=Path, help="where to keep what models enter")
    options = parser.parse_args()
    manifest = load_manifest(find_manifest(SUITES[options.suite]))
    side, models = read_models(options.suite, options.repo)
    models = models[:: options.every]
    record = options.record or Path("output") / f"entered-{options.suite}.jsonl"
    record.parent.mkdir(parents=True, exist_ok=True)
    known = enter_all(options.suite, options.repo, models, record)
    entered = {config: known[config] for config, _ in models}
    print_errors(entered)
    texts = {path: side.tree.text(path) or "" for path in side.graph.paths.values()}
    modules = [path for path in texts if kind_of(options.suite, path) and has_code(texts[path])]
    drawn = [*random.Random(SEED).sample(sorted(modules), DRAWN), *NAMED[options.suite]]
    by_plan: dict[str, Tally] = {}
    for module, affected in plan_each(drawn, options.repo, manifest):
        by_plan[module] = Tally()
        by_plan[module].add(affected & entered.keys(), module, entered)
    rows = [(module, kind_of(options.suite, module), *t.row) for module, t in by_plan.items()]
    print(tabulate(rows, ("module", "kind", *HEADERS), floatfmt=".3f"))
    by_kind = tally_kinds(options.suite, side, dict(models), entered, modules)
    kinds = [(kind, *tally.row) for kind, tally in by_kind.items()]
    print(tabulate(kinds, ("kind", *HEADERS), floatfmt=".3f"))
    tallies = [*by_plan.values(), *by_kind.values()]
    missed = frozenset[str]().union(*(tally.missed for tally in tallies))
    print(*(f"missed {pair}" for pair in sorted(missed)), sep="\n")
    return int(bool(missed) or not any(tally.found for tally in tallies))


def print_errors(entered: Mapping[str, Entered]) -> None:
    """How many models ran, and what kept the others from running to the end."""
    errors: Counter[str] = Counter()
    for item in entered.values():
        errors.update(item.errors.keys())
    whole = sum(not item.errors for item in entered.values())
    ended = ", ".join(f"{number} ended in {part}" for part, number in sorted(errors.items()))
    print(f"{len(entered)} models, {whole} ran to the end" + (f"; {ended}" if ended else ""))


def kind_of(dialect: str, path: str) -> str | None:
    """What kind of code a module is; None if no model enters such code here."""
    folders = KINDS[dialect]
    return next((kind for folder, kind in folders.items() if path.startswith(folder)), None)


def read_models(dialect: str, checkout: Path) -> tuple[CodeSide, list[tuple[str, Document]]]:
    """The suite's code at HEAD, and its models' configs with their resolved content, shuffled with
    a fixed seed, so that the first ones are a sample.
    """
    manifest, repo = load_manifest(find_manifest(SUITES[dialect])), open_repo(checkout)
    head = repo.resolve("HEAD")
    trees = read_trees(repo, head, head, manifest)
    side = read_side(trees.head, trees.suite)
    assert side is not None
    resolved = {
        path: resolve_or_none(trees.head, path) for path in config_paths(trees.head, manifest)
    }
    models = [(p, doc) for p, doc in resolved.items() if doc and side.suite.dialect.is_model(doc)]
    random.Random(SEED).shuffle(models)
    return side, models


def has_code(text: str) -> bool:
    """Whether a file defines a class or a function."""
    return any(isinstance(node, (ast.ClassDef, ast.FunctionDef)) for node in ast.parse(text).body)


def edited(text: str) -> str:
    """The code with one more statement in each class and function."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            node.body.append(ast.Pass())
    return ast.unparse(tree)


def plan_each(
    modules: list[str], origin: Path, manifest: Manifest
) -> Iterator[tuple[str, set[str]]]:
    """For each module, the configs that a change of all that it defines is said to affect."""
    with tempfile.TemporaryDirectory() as folder:
        clone = EditedClone(Path(folder) / "clone", origin)
        base = clone.commit("HEAD^{tree}")
        for module in modules:
            head = clone.write(base, module, edited(clone.read(base, module)))
            trees = read_trees(open_repo(clone.path), base, head, manifest)
            yield module, set(find_code_effects(trees, manifest).touched)


def tally_kinds(
    dialect: str,
    side: CodeSide,
    models: Mapping[str, Document],
    entered: Mapping[str, Entered],
    modules: list[str],
) -> dict[str, Tally]:
    """By kind, all modules that the models can use by what their configs name."""
    said: dict[str, set[str]] = {module: set() for module in modules}
    for config, resolved in models.items():
        symbols = frozenset().union(*side.uses(resolved).values())
        for file in {side.graph.paths[symbol.module] for symbol in symbols} & said.keys():
            said[file].add(config)
    tallies: dict[str, Tally] = {}
    for module in modules:
        kind = kind_of(dialect, module)
        if kind and kind != "shared":  # whatever it is, it counts for every model
            tallies.setdefault(kind, Tally()).add(said[module], module, entered)
    return tallies


if __name__ == "__main__":
    sys.exit(main())
