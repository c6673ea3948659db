"""Distances are measured once for two models, data, shape and seed."""

from dataclasses import replace

import pytest

from compress.artifacts.artifact import Artifact
from compress.artifacts.distance import output_distance
from compress.artifacts.spec import CompressSpec
from compress.recipes.parse import parse_recipe
from compress.sandbox.covers import Cover

SPEC = CompressSpec(parse_recipe({"QuantPost": {}}, "r.yaml"), None, None, (1, 3, 8, 8))


@pytest.fixture
def models(tmp_path):
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.pdmodel").write_text(name)
    return tuple(Artifact(tmp_path / n, n, 1, False, None) for n in ("before", "after"))


def test_a_distance_is_measured_once(workshop, worker, source, models):
    distances = [output_distance(workshop, source, models, SPEC) for _ in range(2)]
    assert distances == [0.25, 0.25]
    (request,) = worker.requests
    assert (request.before, request.after) == (models[0].folder, models[1].folder)
    assert worker.modules == ["compress.in_worker.distance"]
    assert worker.access[0].writes == ()


def test_what_models_are_scored_by_is_covered(workshop, worker, source, models):
    cover = Cover(source.data, frozenset())
    output_distance(workshop, source, models, replace(SPEC, covers=lambda: (cover,)))
    assert worker.access[0].covers == (cover,)


@pytest.mark.parametrize(
    ("order", "changes"),
    [(-1, {}), (1, {"seed": 1}), (1, {"input_shape": (1, 3, 8, 16)})],
)
def test_other_models_shapes_and_seeds_are_measured_anew(
    workshop, worker, source, models, order, changes
):
    output_distance(workshop, source, models, SPEC)
    output_distance(workshop, source, models[::order], replace(SPEC, **changes))
    assert len(worker.requests) == 2


def test_another_file_beside_a_model_is_another_input(workshop, worker, source, models):
    output_distance(workshop, source, models, SPEC)
    (models[0].folder / "layers.json").write_text("{}")
    output_distance(workshop, source, models, SPEC)
    assert len(worker.requests) == 2


def test_synthetic_batches_need_no_data_config(workshop, worker, source, models, tmp_path):
    config = {"train_dataset": {"dataset_root": "data"}}
    output_distance(workshop, source, models, replace(SPEC, data_config=config))
    data = (tmp_path / "data",)
    output_distance(workshop, source, models, replace(SPEC, data_config=config, data=data))
    assert [request.data_config for request in worker.requests] == [None, config]
