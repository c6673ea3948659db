"""Worker: lets Paddle Inference note the shapes of all tensors while a model runs on some sizes.

Optimisation is off in that mode, so that what a processor collects names the tensors that TensorRT
looks for on a GPU.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from bench.engine import Engine
from bench.shapes import shapes_to_run
from compress.graph.feeds import synthetic_feeds
from compress.graph.program import read_feed_specs


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``model``, ``sizes`` (height and width each), ``batch``, ``out`` (the file to write) → {}."""
    from paddle.inference import Config, create_predictor

    model = Path(request["model"])
    specs = read_feed_specs(model)
    config = Config(str(model / "model.pdmodel"), str(model / "model.pdiparams"))
    config.disable_gpu()
    config.disable_mkldnn()
    config.collect_shape_range_info(request["out"])
    engine = Engine(create_predictor(config))
    for shape in shapes_to_run([tuple(size) for size in request["sizes"]], request["batch"]):
        engine.run(synthetic_feeds(specs, shape, seed=0))
    del engine
    gc.collect()  # the predictor writes the file when it goes
    return {}
