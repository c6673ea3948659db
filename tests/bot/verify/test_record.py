"""The record is filled model by model; an interrupted one continues on the same machine only."""

from dataclasses import replace
from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

from bench.engines.machine import Gpu, Machine
from bot.verify import record as module
from bot.verify.observation import HardwareRecord, Outgrown
from bot.verify.record import RECORD, Place, fill_record, gpu_place, open_record
from compress.workshop import Workshop
from core.errors import InputError
from core.schema import load_json
from core.store import Store
from tests.bot.verify.builders import BROKEN, seen

NOW = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
A10 = Gpu("NVIDIA A10", (8, 6), 24 * 2**30, "535.1")
MACHINE = Machine(flags=(), runtime="r", gpu=A10, runs_on_gpu=True, tensorrt="8.5.3.1")
PLACE = Place(MACHINE, ("gpu-trt-fp32",))


def subject(name):
    return SimpleNamespace(model=SimpleNamespace(name=name))


@pytest.fixture
def fill(tmp_path, monkeypatch):
    """Fills the record of models that are not really measured; returns it and who was."""
    workshop = Workshop(Store(tmp_path / "store"), tmp_path, 1, 1)

    def call(*names, place=PLACE, failing=(), stopped=()):
        asked = []

        def observe(subject, targets, workshop):
            name = subject.model.name
            if name in stopped:
                raise KeyboardInterrupt
            asked.append(name)
            return (seen(targets[0], name, failure=BROKEN if name in failing else None),)

        def rebuild(subject, workshop):
            asked.append(f"{subject.model.name} outgrown")
            return Outgrown(model=subject.model.name, rebuilt=True)

        monkeypatch.setattr(module, "observe_model", observe)
        monkeypatch.setattr(module, "observe_rebuilding", rebuild)
        record = open_record(place, NOW, workshop, tmp_path)
        return fill_record(record, [*map(subject, names)], place, workshop, tmp_path), asked

    return call


def test_every_model_is_measured_and_the_first_outgrows_its_ranges(fill, tmp_path):
    record, asked = fill("a", "b")
    assert asked == ["a", "b", "a outgrown"]
    assert record.recorded == "2026-01-31T12:00:00Z"
    assert (record.gpu.name, record.gpu.capability) == ("NVIDIA A10", "8.6")
    assert load_json(HardwareRecord, tmp_path / RECORD) == record


def test_a_record_that_was_interrupted_before_the_first_model_continues(fill, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        fill("a", stopped=("a",))
    assert load_json(HardwareRecord, tmp_path / RECORD).observations == ()
    assert fill("a")[1] == ["a", "a outgrown"]


def test_an_interrupted_record_continues_and_failed_models_are_measured_again(fill):
    with pytest.raises(KeyboardInterrupt):
        fill("a", "b", "c", failing=("b",), stopped=("c",))
    record, asked = fill("a", "b", "c")
    assert asked == ["b", "c", "a outgrown"]
    assert [o.model for o in record.observations] == ["a", "b", "c"]
    assert fill("a", "b", "c")[1] == []


@pytest.mark.parametrize(
    "place",
    [
        Place(replace(MACHINE, gpu=replace(A10, driver="550")), PLACE.targets),
        Place(MACHINE, ("gpu-trt-fp16",)),
        Place(replace(MACHINE, gpu=None), PLACE.targets),
    ],
)
def test_the_record_of_another_machine_is_not_mixed_in(fill, place):
    fill("a")
    with pytest.raises(InputError, match="record of another machine"):
        fill("a", place=place)


def test_targets_on_a_gpu_are_held_against_the_processors():
    names = gpu_place(MACHINE).targets
    assert names[:2] == ("cpu-native-fp32", "cpu-onednn-int8")
    assert set(names[2:]) == {
        *("gpu-native-fp32", "gpu-native-fp16"),
        *("gpu-trt-fp32", "gpu-trt-fp16", "gpu-trt-int8"),
    }
    assert gpu_place(replace(MACHINE, gpu=None)).targets == names[:2]
