"""Worker: runs a model of dynamic shape on a size outside of its ranges."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.in_worker.engine import load_model
from bench.requests import Outgrew, OutgrowRequest
from compress.in_worker.graph.feeds import synthetic_feeds
from compress.in_worker.graph.program import read_feed_specs


def handle(request: OutgrowRequest) -> Outgrew:
    """Paddle writes the file of ranges anew if it rebuilds the engine: it gets a copy."""
    assert request.engine.shape_ranges is not None
    ranges = Path(shutil.copy(request.engine.shape_ranges, "ranges.pbtxt")).absolute()
    before = ranges.read_bytes()
    model = load_model(request.engine.model_copy(update={"shape_ranges": ranges}))
    specs = read_feed_specs(request.engine.model)
    for shape in request.shapes:
        model.run(synthetic_feeds(specs, shape, seed=0))
    return Outgrew(rewritten=ranges.read_bytes() != before)
