"""Worker: has Paddle Inference record the shapes of all tensors while a model runs on some sizes.

Optimisation is off in that mode, so that the file from a CPU names the tensors that TensorRT
looks up on a GPU.
"""

from __future__ import annotations

import gc

from bench.dynamic_shape.ranges import shapes_to_run
from bench.in_worker.engine import LoadedModel
from bench.requests import Collected, ShapesRequest
from compress.in_worker.graph.feeds import synthetic_feeds
from compress.in_worker.graph.program import read_feed_specs


def handle(request: ShapesRequest) -> Collected:
    """Runs the model on each size and batch; Paddle writes the file when the predictor is freed."""
    from paddle.inference import Config, create_predictor

    model = request.model
    specs = read_feed_specs(model)
    config = Config(str(model / "model.pdmodel"), str(model / "model.pdiparams"))
    config.disable_gpu()
    config.disable_mkldnn()
    config.collect_shape_range_info(str(request.out))
    loaded = LoadedModel(create_predictor(config))
    for shape in shapes_to_run(request.sizes, request.batch):
        loaded.run(synthetic_feeds(specs, shape, seed=0))
    del loaded
    gc.collect()
    return Collected()
