"""``slimgate bench``: models on targets, what fails as a row with its reason."""

import json

import pytest

from bench.deployment import Deployment
from bench.engines.targets import find_target
from bench.loose import _diagnose, benchmark, parse_shape
from compress.artifacts.record import RECORD, ArtifactRecord, Made
from compress.worker.process import Usage
from core.errors import InputError
from core.schema import write_json
from tests.bench.conftest import SHAPE

SECTIONS = {"QuantPost": {"quantize_op_types": ["conv2d"]}}
FP32, INT8 = "cpu-onednn-fp32", "cpu-onednn-int8"


def made_by(sections, quantised=()):
    usage = Usage(duration_s=1.0, peak_memory_bytes=1)
    inputs = {"kind": "compress", "sections": sections}
    return ArtifactRecord(inputs=inputs, made=Made(quantised=quantised), usage=usage)


@pytest.mark.parametrize(
    ("text", "shape"), [("1x3x512x1024", (1, 3, 512, 1024)), ("8x1x8x8", (8, 1, 8, 8))]
)
def test_a_shape_is_written_with_crosses(text, shape):
    assert parse_shape(text) == shape


@pytest.mark.parametrize("text", ["", "1x3x512", "1x3x0x8", "1,3,8,8", "1x3x8x8x8", "1x3x8x１"])
def test_other_shapes_are_refused_with_an_example(text):
    with pytest.raises(InputError) as caught:
        parse_shape(text)
    assert caught.value.key == "--shape"
    assert "1x3x512x1024" in str(caught.value)


def test_every_model_is_measured_on_every_target_against_the_first_row(models, workshop):
    slow, fast = (
        models.folder(name, ms=ms, quantised=["conv2d"])
        for name, ms in (("slow", 6.0), ("fast", 2.0))
    )
    rows = benchmark([slow, fast], SHAPE, (FP32, INT8), 0.01, workshop)
    assert [(row.model, row.target) for row in rows] == [
        (str(slow), FP32),
        (str(slow), INT8),
        (str(fast), FP32),
        (str(fast), INT8),
    ]
    assert [row.latency_ms.value for row in rows] == [6.0, 6.0, 2.0, 2.0]
    assert [row.speedup.value for row in rows] == [1.0, 1.0, 3.0, 3.0]
    assert [row.proof is not None for row in rows] == [False, True] * 2
    assert all(row.runs >= 30 and row.peak_memory_bytes == 2**20 for row in rows)
    assert [row.failure for row in rows] == [None] * 4


def test_a_target_that_fails_is_a_row_with_its_reason(models, workshop):
    folder = models.folder("m", ops={"conv2d": [0, 4]}, ms=2.0, quantised=["conv2d"])
    int8, fp32 = benchmark([folder], SHAPE, (INT8, FP32), 0.01, workshop)
    assert (int8.failure.stage, int8.latency_ms, int8.speedup) == ("proof", None, None)
    assert "no op runs in int8" in int8.failure.message
    assert (int8.proof, int8.runs, int8.peak_memory_bytes) == (None, 0, None)
    assert fp32.failure is None
    assert fp32.speedup.value == 1.0  # the first row that was timed is what others are compared to


def test_a_model_that_would_compute_nonsense_on_a_target_is_refused_there_alone(models, workshop):
    folder = models.folder("m", ms=2.0)
    int8, fp32 = benchmark([folder], SHAPE, (INT8, FP32), 0.01, workshop)
    assert (int8.failure.stage, int8.latency_ms, int8.proof) == ("target", None, None)
    assert int8.failure.message.startswith("refused cpu-onednn-int8: the model is not quantised")
    assert fp32.failure is None
    assert not any("prove" in request for request in models.requests())


def test_where_every_model_fails_there_are_rows_alone(models, workshop):
    rows = benchmark(
        [models.folder(name, dies_in_turn=1) for name in "ab"], SHAPE, (FP32,), 0.01, workshop
    )
    assert [row.failure.kind for row in rows] == ["signal"] * 2


def test_what_crashes_and_was_left_out_is_a_remark(models, workshop):
    folder = models.folder("m", crashes=["fc_fuse_pass"])
    (row,) = benchmark([folder], SHAPE, (FP32,), 0.01, workshop)
    assert row.remarks == ("the graph pass fc_fuse_pass crashes and was left out",)
    assert row.latency_ms is not None


def test_the_default_target_is_int8_for_quantised_models(models, workshop):
    plain, foreign = models.folder("plain"), models.folder("foreign", quantised=["matmul"])
    own = models.folder("own", quantised=["pool2d"])
    write_json(own / RECORD, made_by(SECTIONS, ("conv2d",)))
    rows = benchmark([plain, foreign, own], SHAPE, (), 0.01, workshop)
    assert [(row.target, row.op_types) for row in rows] == [
        (FP32, ()),
        (INT8, ("matmul", "fused_matmul")),
        (INT8, ("conv2d", "fused_conv2d")),  # the record knows better than the program
    ]


def test_op_types_after_the_target_choose_what_is_quantised(models, workshop):
    folder = models.folder("m", quantised=["conv2d"])
    targets = (f"{INT8}:conv2d,pool2d", INT8, FP32)
    rows = benchmark([folder], SHAPE, targets, 0.01, workshop)
    assert [row.op_types for row in rows] == [
        ("conv2d", "pool2d"),
        ("conv2d", "fused_conv2d"),
        (),
    ]


def test_op_types_with_a_minus_are_left_to_paddles_own_kernels(models, workshop):
    folder = models.folder("m", quantised=["conv2d"])
    targets = (f"{INT8}:-conv2d", f"{INT8}:pool2d,-conv2d", f"{FP32}:-conv2d")
    rows = benchmark([folder], SHAPE, targets, 0.01, workshop)
    assert [(row.op_types, row.disabled_ops) for row in rows] == [
        (("conv2d", "fused_conv2d"), ("conv2d",)),
        (("pool2d",), ("conv2d",)),
        ((), ("conv2d",)),
    ]


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (f"{INT8}:-sofmax", "the model has no op of the type 'sofmax'"),
        (f"{INT8}:-", "the model has no op of the type ''"),
        ("cpu-native-fp32:-conv2d", "cpu-native-fp32 cannot leave out op types"),
    ],
)
def test_an_op_type_that_would_run_all_the_same_is_refused(models, workshop, target, words):
    folder = models.folder("m", quantised=["conv2d"])
    with pytest.raises(InputError, match=words):
        benchmark([folder], SHAPE, (target,), 0.01, workshop)


def test_a_folder_without_a_model_is_refused_before_anything_runs(models, workshop, tmp_path):
    with pytest.raises(InputError, match=r"no model\.pdmodel in"):
        benchmark([models.folder("m"), tmp_path], SHAPE, (), 0.01, workshop)
    assert models.requests() == []


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("cpu-onednn-int", "unknown target 'cpu-onednn-int'"),
        (
            "cpu-onednn-bf16:conv2d",
            "cpu-onednn-bf16 is not available here: the processor lacks avx512f",
        ),
    ],
)
def test_a_target_that_cannot_run_here_is_refused(models, workshop, monkeypatch, target, problem):
    monkeypatch.setattr("bench.machine.cpu_flags", lambda: ("avx2",))
    with pytest.raises(InputError, match=problem) as caught:
        benchmark([models.folder("m")], SHAPE, (target,), 0.01, workshop)
    assert INT8 in caught.value.choices
    assert models.requests() == []


@pytest.mark.parametrize("fixed", [[1, 3, 8, 8], [-1, 3, -1, -1], [-1, 3, 8, -1]])
def test_free_axes_take_any_size(models, workshop, fixed):
    folder = models.folder("m", feeds={"x": fixed, "scale": [1, 2]})
    assert len(benchmark([folder], SHAPE, (), 0.01, workshop)) == 1


def test_a_size_that_the_export_does_not_take_is_refused_with_one_that_it_takes(models, workshop):
    folder = models.folder("m", feeds={"image": [-1, 3, 32, 64]})
    with pytest.raises(
        InputError, match=r"1x3x8x8 does not fit.*'image'.*\[-1, 3, 32, 64\]"
    ) as caught:
        benchmark([folder], SHAPE, (), 0.01, workshop)
    assert (caught.value.file, caught.value.key) == (str(folder), "--shape")
    assert "--shape 1x3x32x64" in caught.value.hint


@pytest.mark.parametrize(
    ("op_types", "codes"),
    [(("conv2d", "fused_conv2d"), []), (("conv2d", "fused_conv2d", "pool2d"), ["SG301"])],
)
def test_op_types_that_were_not_trained_are_named(tmp_path, op_types, codes):
    timed = Deployment(tmp_path, find_target(INT8), op_types, (), SHAPE)
    assert [finding.code for finding in _diagnose(made_by(SECTIONS), timed)] == codes


def test_findings_of_a_record_stand_in_its_row(models, workshop):
    folder = models.folder("m", quantised=["conv2d"])
    write_json(folder / RECORD, made_by(SECTIONS, ("conv2d",)))
    (row,) = benchmark([folder], SHAPE, (f"{INT8}:conv2d,fused_conv2d,pool2d",), 0.01, workshop)
    assert [finding.code for finding in row.findings] == ["SG301"]
    assert (row.findings[0].line, row.findings[0].column) == (None, None)
    assert json.loads(row.model_dump_json())["findings"]


def test_nothing_is_said_of_a_model_of_unknown_origin(tmp_path):
    timed = Deployment(tmp_path, find_target(INT8), ("pool2d",), (), SHAPE)
    assert _diagnose(None, timed) == ()
