"""Exports are keyed by what can touch the program: graph keys, weights, shape, output."""

from dataclasses import replace

import pytest

from compress.artifacts.export import export_artifact
from compress.artifacts.spec import ExportSpec

CONFIG = {"model": {"type": "UNet"}, "optimizer": {"lr": 1}}
SPEC = ExportSpec(CONFIG, None, (1, 3, 64, 96), "argmax")


def test_the_request_has_shape_output_and_the_config_without_training_or_data(
    workshop, worker, source
):
    export_artifact(workshop, source, SPEC)
    (request,) = worker.requests
    assert request.resolved == {"model": CONFIG["model"]}
    assert request.suite.data is None
    assert (request.shape, request.output_op) == ((1, 3, 64, 96), "argmax")
    assert request.weights is None
    assert request.suite.data_dir == "data"


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 1),
        ({"resolved": {**CONFIG, "optimizer": {"lr": 2}}}, 1),
        ({"resolved": {**CONFIG, "model": {"type": "BiSeNet"}}}, 2),
        ({"input_shape": (1, 3, 64, 64)}, 2),
        ({"output_op": "none"}, 2),
        ({"dynamic_shape": True}, 2),
    ],
)
def test_a_model_is_exported_anew_only_if_the_graph_can_differ(
    workshop, worker, source, changes, count
):
    export_artifact(workshop, source, SPEC)
    export_artifact(workshop, source, replace(SPEC, **changes))
    assert len(worker.requests) == count


def test_sizes_do_not_matter_where_the_export_takes_any(workshop, worker, source):
    for width in (64, 96):
        spec = replace(SPEC, input_shape=(1, 3, 64, width), dynamic_shape=True)
        export_artifact(workshop, source, spec)
    assert [request.shape for request in worker.requests] == [(1, 3, -1, -1)]


def test_weights_count_by_content_and_are_readable(workshop, worker, source, tmp_path):
    first, same, other = (tmp_path / name for name in ("first", "same", "other"))
    for path, content in ((first, b"x"), (same, b"x"), (other, b"y")):
        path.write_bytes(content)
        export_artifact(workshop, source, replace(SPEC, weights=path))
    assert [request.weights for request in worker.requests] == [first, other]
    assert first in worker.access[0].reads


def test_other_code_of_the_suite_exports_anew(workshop, worker, source):
    export_artifact(workshop, source, SPEC)
    export_artifact(workshop, replace(source, code_id="code-2"), SPEC)
    assert len(worker.requests) == 2
