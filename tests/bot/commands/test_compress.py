"""``slimgate compress``: what it refuses before a model is built."""

from pathlib import Path

import pytest

from bot.commands import compress as command
from compress.artifacts import inspection
from compress.artifacts.artifact import Artifact
from compress.worker.requests import OpWithoutRanges, Ranges
from compress.workshop import Workshop
from core.errors import JobFailure
from core.store import Store

WORKSHOP = Workshop(Store(Path("store")), Path("scratch"), 30.0, 1)


def compress(prepared, **options):
    return prepared.call("compress", **{"model": "m", "out": prepared.out, **options})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"model": "n"}, ["unknown model 'n'", "--model", "choices: m"]),
        ({"recipe": "qatt"}, ["qatt", "--recipe"]),
        ({"rev": "gone"}, ["unknown revision 'gone'"]),
        ({"budget": "huge"}, ["huge"]),
    ],
)
def test_wrong_names_are_refused_and_leave_nothing(prepared, options, words):
    ended = compress(prepared, **options)
    assert ended.returncode == 2, ended.stderr
    for word in words:
        assert word in ended.stderr
    assert not prepared.out.exists()


def test_a_folder_in_use_is_left_alone(prepared):
    prepared.out.mkdir()
    (prepared.out / "mine").write_text("x")
    ended = compress(prepared)
    assert ended.returncode == 2
    assert "is not an empty folder" in ended.stderr
    assert "name an empty or a new folder" in ended.stderr
    assert [path.name for path in prepared.out.iterdir()] == ["mine"]


ARTIFACT = Artifact(Path("entry"), "hash", 1, cached=False, record=None)


@pytest.mark.parametrize(
    ("ops", "told"),
    [
        ({"conv2d": (3, 3), "matmul_v2": (2, 2)}, "TensorRT can run 5 of 5 convolutions and "),
        ({"conv2d": (3, 4)}, "TensorRT can run 3 of 4 convolutions and "),
    ],
)
def test_what_tensorrt_can_run_in_int8_is_told(monkeypatch, ops, told):
    lacking = OpWithoutRanges(op_type="conv2d", output="x", reason="its input has no range")
    without = (lacking,) if "3 of" in told else ()
    found = Ranges(ops=ops, without=without)
    monkeypatch.setattr(inspection, "find_ranges", lambda folder, workshop: found)
    (remark,) = command._ranges(ARTIFACT, Path("int8"), WORKSHOP)
    assert remark.startswith(told)
    named = "in int8 (SG307); slimgate ranges int8 names the others"
    assert remark.endswith(named) == bool(without)


def test_a_model_is_made_even_if_its_ranges_cannot_be_told(monkeypatch):
    def fail(folder, workshop):
        raise JobFailure("ranges", "error", "no such pass")

    monkeypatch.setattr(inspection, "find_ranges", fail)
    (remark,) = command._ranges(ARTIFACT, Path("int8"), WORKSHOP)
    assert "cannot be told" in remark
    assert "no such pass" in remark
