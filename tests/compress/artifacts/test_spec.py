"""What a model is made from: the exported shape, and the data as far as compression reads it."""

from dataclasses import replace

import pytest

from compress.artifacts.spec import CompressSpec, ExportSpec, data_part, data_view
from compress.recipes.parse import parse_recipe

CONFIG = {
    "train_dataset": {"transforms": ["a"], "num_classes": 2},
    "val_dataset": {"dataset_root": "data"},
    "optimizer": {"lr": 1},
}
SPEC = CompressSpec(parse_recipe({"QuantPost": {}}, "r.yaml"), CONFIG, None, (1, 3, 8, 8))


@pytest.mark.parametrize(("dynamic", "shape"), [(False, (1, 3, 64, 96)), (True, (1, 3, -1, -1))])
def test_height_and_width_are_free_in_a_dynamic_export(dynamic, shape):
    assert ExportSpec({}, None, (1, 3, 64, 96), "argmax", dynamic).exported_shape == shape


def test_synthetic_batches_depend_on_no_data(source, tmp_path):
    assert data_part(source, SPEC) is None
    assert data_part(source, replace(SPEC, data_config=None, data=(tmp_path,))) is None


def test_the_config_counts_without_training(source, tmp_path):
    spec = replace(SPEC, data=(tmp_path / "data",))
    read, _ = data_part(source, spec)
    assert read == {key: CONFIG[key] for key in ("train_dataset", "val_dataset")}
    assert data_view(source, spec) == read


def test_the_data_counts_with_its_files(source, tmp_path):
    spec = replace(SPEC, data=(tmp_path / "data",))
    _, before = data_part(source, spec)
    (tmp_path / "data" / "image.png").write_bytes(b"x")
    _, after = data_part(source, spec)
    assert len(before) == len(after) == 1
    assert before != after
