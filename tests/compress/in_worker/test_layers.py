"""The suite's names of parameters, kept beside an export."""

import json
from pathlib import Path


def test_the_export_knows_its_layers(bench):
    layers = json.loads((Path(bench.model) / "layers.json").read_text())
    assert "head.weight" in layers.values()
