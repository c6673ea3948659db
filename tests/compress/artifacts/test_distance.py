"""Distances are measured once for two models, data, shape and seed."""

from dataclasses import replace
from pathlib import Path

import pytest

from compress.artifacts.artifact import Artifact
from compress.artifacts.distance import output_distance
from compress.artifacts.spec import CompressSpec
from compress.recipes.parse import parse_recipe

SPEC = CompressSpec(parse_recipe({"QuantPost": {}}, "r.yaml"), None, None, (1, 3, 8, 8))
MODELS = tuple(Artifact(Path(f"/{name}"), name, 1, False, None) for name in ("before", "after"))


def test_a_distance_is_measured_once(workshop, worker, source):
    distances = [output_distance(workshop, source, MODELS, SPEC) for _ in range(2)]
    assert distances == [0.25, 0.25]
    (request,) = worker.requests
    assert (request.before, request.after) == (Path("/before"), Path("/after"))
    assert worker.modules == ["compress.in_worker.distance"]
    assert worker.access[0].writes == ()


@pytest.mark.parametrize(
    ("models", "changes"),
    [
        (MODELS[::-1], {}),
        (MODELS, {"seed": 1}),
        (MODELS, {"input_shape": (1, 3, 8, 16)}),
    ],
)
def test_other_models_shapes_and_seeds_are_measured_anew(workshop, worker, source, models, changes):
    output_distance(workshop, source, MODELS, SPEC)
    output_distance(workshop, source, models, replace(SPEC, **changes))
    assert len(worker.requests) == 2


def test_synthetic_batches_need_no_data_config(workshop, worker, source, tmp_path):
    config = {"train_dataset": {"dataset_root": "data"}}
    output_distance(workshop, source, MODELS, replace(SPEC, data_config=config))
    data = (tmp_path / "data",)
    output_distance(workshop, source, MODELS, replace(SPEC, data_config=config, data=data))
    assert [request.data_config for request in worker.requests] == [None, config]
