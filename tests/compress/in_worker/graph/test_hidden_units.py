"""Removing hidden units from feed-forward blocks."""

import pytest


def test_dead_hidden_units_go_first(bench):
    model = bench.export("feed_forward")
    pruned = bench.worker.call({"do": "prune", "model": model, "ratio": 0.5}, 60)
    assert pruned["units"] == [[64, 32], [64, 32]]
    before, after = (
        bench.worker.call({"do": "run", "model": one}, 60)["output"]
        for one in (model, pruned["model"])
    )
    assert after == pytest.approx(before, abs=1e-5)
