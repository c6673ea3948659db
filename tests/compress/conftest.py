"""A worker that compresses small real networks, for the tests of methods and engine."""

from pathlib import Path

import pytest

from compress.recipes.parse import QUANTISING, parse_recipe
from compress.worker.start import Workplace, start_worker

ROOT = str(Path(__file__).parents[2])
TRAIN = {"train_iter": 3, "learning_rate": 0.001}


class Bench:
    """One worker for all tests of a file: Paddle takes seconds to load."""

    def __init__(self, worker):
        self.worker = worker
        self.model = worker.call({"do": "export"}, 120)["model"]

    def compress(self, document, model=None, teacher=None):
        """The answers of every step, each starting from the model of the one before."""
        recipe = parse_recipe({"TrainConfig": TRAIN, **document}, "recipe.yaml")
        answers, current = [], model or self.model
        for step in recipe.steps:
            request = {
                "do": "compress",
                "model": current,
                "teacher": teacher or self.model,
                "method": step.method,
                "sections": step.sections,
                "op_types": recipe.op_types,
                "quantises": step.method in QUANTISING,
            }
            answers.append(self.worker.call(request, 200))
            current = answers[-1]["out"]
        return answers


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("methods"), {"PYTHONPATH": ROOT})
    with start_worker("tests.workers.methods", "methods", place) as worker:
        yield Bench(worker)
