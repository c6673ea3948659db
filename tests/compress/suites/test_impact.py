"""What a change can touch: the strongest impact counts, and unknown keys touch the graph."""

import pytest

from compress.suites import SUITES, find_dialect
from compress.suites.impact import IMPACTS, ImpactTable, impact_of, starts_with_any, view

TABLE = ImpactTable(
    training=("optimizer", "model.pretrained"),
    compression=("train_dataset",),
    evaluation=("val_dataset",),
    graph=("train_dataset.num_classes",),
)


@pytest.mark.parametrize(
    ("key", "impact"),
    [
        ("optimizer", "training"),
        ("optimizer.lr", "training"),
        ("optimizers", "graph"),
        ("model.pretrained", "training"),
        ("model.backbone", "graph"),
        ("train_dataset.transforms.0", "compression"),
        ("train_dataset.num_classes", "graph"),
        ("val_dataset", "evaluation"),
        ("new_key", "graph"),
    ],
)
def test_a_key_is_looked_up_by_whole_parts_of_its_path(key, impact):
    assert TABLE.impact(key) == impact


@pytest.mark.parametrize(
    ("keys", "impact"),
    [
        ([], "training"),
        (["optimizer"], "training"),
        (["optimizer", "train_dataset"], "compression"),
        (["train_dataset", "val_dataset"], "evaluation"),
        (["val_dataset", "model.type", "optimizer"], "graph"),
    ],
)
def test_the_strongest_impact_counts(keys, impact):
    assert impact_of(keys, find_dialect("paddleseg")) == impact


@pytest.mark.parametrize("name", SUITES)
def test_every_dialect_calls_unknown_keys_graph(name):
    assert find_dialect(name).impact("a_key_of_a_later_version") == IMPACTS[0] == "graph"


def test_a_prefix_ends_at_a_dot():
    assert starts_with_any("a.b", ["a"])
    assert starts_with_any("a.b", ["a.b"])
    assert not starts_with_any("a.bc", ["a.b"])
    assert not starts_with_any("a", ["a.b"])
    assert not starts_with_any("a", [])


def test_a_view_holds_the_parts_that_can_touch_an_impact():
    config = {
        "val_dataset": {"transforms": [{"type": "Resize"}], "labels": None},
        "model": {"type": "UNet", "pretrained": "url", "backbone": {}},
        "optimizer": {"lr": 1},
    }
    dialect = find_dialect("paddleseg")
    graph = {"model": {"type": "UNet", "backbone": {}}}
    assert view(config, dialect, ("graph",)) == graph
    both = {"val_dataset": config["val_dataset"], **graph}
    assert view(config, dialect, ("graph", "evaluation")) == both
    assert view({"optimizer": {"lr": 1}}, dialect, ("graph",)) == {}


def test_views_of_all_impacts_together_hold_the_whole_config():
    config = {"model": {"type": "UNet", "pretrained": None}, "iters": 3, "val_dataset": {}}
    assert view(config, find_dialect("paddleseg"), IMPACTS) == config
