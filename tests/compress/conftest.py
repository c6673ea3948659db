"""A worker that compresses small real networks, for the tests of methods and programs."""

import json
from pathlib import Path

import numpy as np
import pytest

from compress.recipes.parse import QUANTISING, parse_recipe
from compress.worker.start import Workplace, start_worker

ROOT = str(Path(__file__).parents[2])
TRAIN = {"train_iter": 3, "learning_rate": 0.001}
CONVS = {"quantize_op_types": ["conv2d", "depthwise_conv2d"]}
QUANTISERS: list[dict[str, object]] = [
    {"QuantAware": {**CONVS, "not_quant_pattern": []}, "Distillation": {}},
    {"QuantPost": {**CONVS, "batch_nums": 2}},
    {"QuantAware": CONVS, "Distillation": {}},
]


class Bench:
    """One worker for all tests of a run: Paddle takes seconds to load."""

    def __init__(self, worker):
        self.worker = worker
        self.model = self.export()

    def export(self, network="convolutions", **options):
        """A network of ``tests.workers.methods`` as an inference model; returns its folder."""
        request = {"do": "export", "network": network, **options}
        return self.worker.call(request, 120)["model"]

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

    def layers(self, model):
        """The program's names of parameters, by the suite's."""
        layers = json.loads((Path(model) / "layers.json").read_text())
        return {layer: name for name, layer in layers.items()}

    def shapes(self, model):
        """The shape of each parameter, by the program's names."""
        return self.worker.call({"do": "shapes", "model": model}, 60)

    def count(self, model, of="conv"):
        """How many ops of a kind the engine runs in int8 (``low``), and how many there are."""
        request = {"do": "count", "model": model, "op_types": ["conv2d", "fused_conv2d"], "of": of}
        return self.worker.call(request, 60)

    def infer(self, model, target, left_out=()):
        """What the engine computes."""
        request = {"do": "infer", "model": model, "target": target, "left_out": left_out}
        return np.array(self.worker.call(request, 60)["output"])

    def require_same_output(self, model, compressed):
        """In int8 the engine computes nearly what it does in fp32."""
        before = self.infer(model, "cpu-onednn-fp32")
        after = self.infer(compressed, "cpu-onednn-int8")
        assert np.abs(after - before).max() < 0.1 * np.abs(before).max()


@pytest.fixture(scope="session")
def bench(tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("methods"), {"PYTHONPATH": ROOT})
    with start_worker("tests.workers.methods", "methods", place) as worker:
        yield Bench(worker)


def pytest_itemcollected(item):
    """Whatever uses the worker starts Paddle."""
    if "bench" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.paddle)
