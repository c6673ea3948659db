"""Compresses a model twice by each recipe and compares the files: ``make check-repeat``.

Each time in a store and in processes of their own, for a few iterations. The same seed has to end
in the same bytes: otherwise a result is that of one run, and no other run can be held against it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.make import make_model
from bench.single import choose_recipe, recipe_named, single_blueprint
from bot.run.demo import make_repository
from compress.artifacts.artifact import MODEL_FILES
from compress.checkout import Checkout, open_checkout
from compress.manifest import Budget, Model
from compress.weights.published import open_publisher
from compress.workshop import Workshop
from core.errors import JobFailure
from core.installation import shipped
from core.store import Store, hash_file
from examples.make_data import make_dataset
from examples.scenarios import DEMOS, SuiteName

BUDGET = Budget(train_iter=20, ptq_batches=4)
"""Gradual pruning wants no fewer iterations."""
TIMEOUT_S = 900.0
WITHOUT = {"seg": {"transformer_prune"}, "det": {"transformer_prune", "quant_aware"}}
"""Recipes that do not apply to the example's models."""


def main() -> int:
    """Prints a line for each recipe; returns whether one of them ended otherwise."""
    suites = [name for name in DEMOS if name in sys.argv[1:]] or list(DEMOS)
    wanted = [name for name in sys.argv[1:] if name not in DEMOS]
    differing = compared = 0
    for suite in suites:
        with tempfile.TemporaryDirectory() as folder:
            for line, same in check(suite, wanted, Path(folder)):
                print(line, flush=True)
                compared += 1
                differing += not same
    print(f"{compared - differing} of {compared} end in the same bytes")
    return min(differing, 1)


def check(suite: SuiteName, wanted: list[str], root: Path) -> Iterator[tuple[str, bool]]:
    """A line and whether both files are the same, for each recipe of the suite's first model."""
    demo = DEMOS[suite]
    make_dataset(suite, root / "data" / "shapes")
    repo = make_repository(demo, root / "suite")
    checkout = open_checkout(demo.manifest, repo, "main", root / "data")
    model = checkout.manifest.models[0]
    every = sorted(path.stem for path in (shipped("configs") / "recipes").glob("*.yaml"))
    for recipe in wanted or [name for name in every if name not in WITHOUT[suite]]:
        try:
            one, two = (make(checkout, model, recipe, root / "stores" / turn) for turn in "ab")
        except JobFailure as failure:
            yield f"{model.name:18} {recipe:18} failed: {failure.message}", False
            continue
        yield f"{model.name:18} {recipe:18} {'same' if one == two else 'OTHER'}", one == two


def make(checkout: Checkout, model: Model, recipe: str, folder: Path) -> list[str]:
    """Hashes of the model's files."""
    scratch = folder / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    store = Store(folder / "store")
    publisher = open_publisher(store, False, print)
    workshop = Workshop(store, scratch, TIMEOUT_S, 1, publisher=publisher)
    chosen = choose_recipe(checkout, model, recipe_named(recipe), BUDGET)
    made = make_model(single_blueprint(checkout, model, chosen, workshop), workshop)
    return [hash_file(made.folder / name) for name in MODEL_FILES]


if __name__ == "__main__":
    sys.exit(main())
