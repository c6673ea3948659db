"""Models are really measured on targets: on a processor, whose targets stand for a GPU's."""

import pytest

from bench.engines.cpu_native import CpuNative
from bench.rounds import Patience
from bot.run.demo import make_repository
from bot.verify import observe
from bot.verify.observe import ChosenModel, observe_model, observe_rebuilding
from compress.checkout import open_checkout
from compress.weights.published import open_publisher
from compress.workshop import Workshop
from core.errors import JobFailure
from core.store import Store
from examples.scenarios import DEMOS

TARGETS = ("cpu-native-fp32", "cpu-onednn-int8")


@pytest.fixture
def workshop(tmp_path):
    (tmp_path / "scratch").mkdir()
    store = Store(tmp_path / "store")
    publisher = open_publisher(store, False, print)
    return Workshop(store, tmp_path / "scratch", 200, 1, publisher=publisher)


@pytest.fixture
def subject(tmp_path, monkeypatch):
    monkeypatch.setattr(observe, "PATIENCE", Patience(0.5, 1.0, 1))
    monkeypatch.setattr(CpuNative, "builds_for_shapes", True)
    monkeypatch.setattr(observe, "RANGES_MATTER", "cpu-onednn-int8")
    monkeypatch.setattr(observe, "REBUILT", "cpu-native-fp32")
    repo = make_repository(DEMOS["seg"], tmp_path / "suite")
    checkout = open_checkout("example-seg", repo, "HEAD", tmp_path / "no data")
    return ChosenModel(checkout, checkout.model("PP-LiteSeg-MobileNetV2"), "slimgate:ptq.yaml")


@pytest.mark.paddle
def test_a_model_is_seen_on_every_target_and_with_dynamic_shape_where_that_matters(
    subject, workshop
):
    seen = observe_model(subject, TARGETS, workshop)
    assert [(o.target, o.dynamic) for o in seen] == [
        *((name, False) for name in TARGETS),
        ("cpu-native-fp32", True),
    ]
    assert [o.failure for o in seen] == [None] * 3
    assert all(o.latency_ms and o.peak_memory_bytes and o.runs for o in seen)
    fixed, int8, dynamic = seen
    assert (fixed.speedup, int8.speedup) == (None, None)
    assert dynamic.speedup.value > 0
    assert (fixed.proof, fixed.ranges) == (None, None)
    low, total = int8.proof.convolutions
    assert 0 < low == total
    assert int8.ranges == total
    assert observe_rebuilding(subject, workshop).rebuilt is False


def test_a_model_that_cannot_be_made_fails_on_every_target(subject, workshop, monkeypatch):
    def fail(*_):
        raise JobFailure("export", "error", "no such op")

    monkeypatch.setattr(observe, "make_export", fail)
    seen = observe_model(subject, TARGETS, workshop)
    assert [(o.target, o.dynamic, o.failure.message) for o in seen] == [
        ("cpu-native-fp32", False, "no such op"),
        ("cpu-onednn-int8", False, "no such op"),
        ("cpu-native-fp32", True, "no such op"),
    ]
    outgrown = observe_rebuilding(subject, workshop)
    assert (outgrown.rebuilt, outgrown.failure.stage) == (None, "export")
