"""Default distillation nodes."""

import pytest


@pytest.mark.parametrize("network", ["convolutions", "feed_forward"])
def test_final_nodes_are_those_of_paddleslim(bench, network):
    model = bench.export(network)
    nodes = bench.worker.call({"do": "nodes", "model": model}, 60)
    assert nodes["ours"] == nodes["theirs"] != []
