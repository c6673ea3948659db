"""Worker: has Paddle Inference record the shapes of all tensors while a model runs on some sizes.

Optimisation is off in that mode, so that the file from a CPU names the tensors that TensorRT
looks up on a GPU.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.dynamic_shape.ranges import shapes_to_run
from bench.in_worker.engine import PaddleModel
from bench.in_worker.loaded import LoadedModel
from bench.requests import Collected, ShapesRequest
from compress.in_worker.graph.feeds import synthetic_feeds
from compress.in_worker.graph.program import read_feed_specs


def handle(request: ShapesRequest) -> Collected:
    """Runs the model on each size and batch."""
    specs = read_feed_specs(request.model)
    with collecting(request.model, request.out) as loaded:
        for shape in shapes_to_run(request.sizes, request.batch):
            loaded.run(synthetic_feeds(specs, shape, seed=0))
    return Collected()


@contextmanager
def collecting(model: Path, out: Path) -> Iterator[LoadedModel]:
    """The model, which records the shapes of all tensors while it runs. Paddle writes the file when
    the predictor is freed: nothing else may hold it.
    """
    from paddle.inference import Config, create_predictor

    config = Config(str(model / "model.pdmodel"), str(model / "model.pdiparams"))
    config.disable_gpu()
    config.disable_mkldnn()
    config.collect_shape_range_info(str(out))
    loaded = PaddleModel(create_predictor(config), model)
    yield loaded
    loaded.predictor = None
    gc.collect()
