"""The suite's names of parameters, kept beside an export."""

import json
from pathlib import Path
from types import SimpleNamespace

from compress.in_worker.layers import align_layers, read_layers, write_layers


def test_the_export_knows_its_layers(bench):
    layers = json.loads((Path(bench.model) / "layers.json").read_text())
    assert "head.weight" in layers.values()


def test_names_are_found_behind_those_of_copies(tmp_path):
    parameters = {"head.weight": "conv2d_0.w_0", "gone.weight": "conv2d_1.w_0"}
    state = {key: SimpleNamespace(name=name) for key, name in parameters.items()}
    write_layers(SimpleNamespace(state_dict=lambda: state), tmp_path)
    assert read_layers(tmp_path) == {"conv2d_0.w_0": "head.weight", "conv2d_1.w_0": "gone.weight"}
    aligned = align_layers(tmp_path, ["conv2d_0.w_0_deepcopy_7", "x"])
    assert aligned == {"conv2d_0.w_0_deepcopy_7": "head.weight"} == read_layers(tmp_path)


def test_a_model_of_somebody_else_has_no_layers(tmp_path):
    assert read_layers(tmp_path) == {}
