"""``slimgate ranges`` on a model as a person has it."""

import json
from pathlib import Path

import pytest

from compress.recipes.parse import parse_recipe
from compress.worker.start import Workplace, start_worker
from tests.bot.shell import slimgate

ROOT = str(Path(__file__).parents[3])


@pytest.mark.paddle
def test_layers_without_ranges_are_named(tmp_path):
    place = Workplace(tmp_path, {"PYTHONPATH": ROOT})
    (step,) = parse_recipe(
        {"QuantPost": {"quantize_op_types": ["conv2d"], "batch_nums": 2}}, "ptq.yaml"
    ).steps
    with start_worker("tests.workers.methods", "methods", place) as worker:
        model = worker.call({"do": "export"}, 120)["model"]
        request = {
            "do": "compress",
            "model": model,
            "teacher": model,
            "method": step.method,
            "sections": step.sections,
            "op_types": ("conv2d",),
            "quantises": True,
        }
        int8 = worker.call(request, 200)["out"]
        store = {"SLIMGATE_STORE": str(tmp_path / "store")}
        shown = slimgate("ranges", int8, "--no-sandbox", **store)
        told = slimgate("ranges", int8, "--no-sandbox", "--format", "json", **store)
    assert (shown.returncode, told.returncode) == (1, 1), shown.stderr
    assert len(list((tmp_path / "store").rglob("ranges.json"))) == 1
    assert "conv2d               3 of 3 with ranges" in shown.stdout
    assert "! depthwise_conv2d depthwise_conv2d_0.tmp_0: its input has no range" in shown.stdout
    assert json.loads(told.stdout)["ops"] == {"conv2d": [3, 3], "depthwise_conv2d": [0, 1]}


def test_a_folder_without_a_model_is_refused(tmp_path):
    refused = slimgate("ranges", tmp_path)
    assert refused.returncode == 2
    assert "no model.pdmodel" in refused.stderr
