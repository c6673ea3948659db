"""Results: parts with their failures, and files of the first version."""

import json

import pytest
from pydantic import ValidationError

from bench.fingerprint import take_fingerprint
from bench.proven import PrecisionProof, TensorRtEngines
from bench.result import (
    Accuracy,
    ArtifactFacts,
    Failed,
    GpuConditions,
    JobResult,
    Latency,
    Measured,
    NotMeasured,
    Stopped,
    failed_variant,
    failures_of,
    stopped,
)
from bench.variant import Variant
from compress.runtimes.runtime import own_runtime
from core.errors import JobFailure

OWN = own_runtime()
FAILURE = JobFailure("latency", "signal", "killed", "log")
NO_PROOF = stopped(JobFailure("proof", "error", "no op runs in int8"))
LATENCY = Latency(target="cpu-onednn-int8", rounds_ms=((1.0,),), warmup_runs=1, peak_memory_bytes=1)


def measured(side="head", recipe="ptq", **parts):
    artifact = ArtifactFacts(
        content_hash="h", size_bytes=1, cached=False, method="ptq", trained_op_types=(), remarks=()
    )
    values = {
        "accuracy": NotMeasured(reason="no weights"),
        "latency": LATENCY,
        "proof": None,
        "same_as": None,
        **parts,
    }
    return Measured(side=side, recipe=recipe, artifact=artifact, **values)


def result(*variants):
    return JobResult(
        job="m.ptq",
        base="a",
        head="b",
        fingerprint=take_fingerprint(1, OWN),
        weights="initial",
        data="synthetic",
        variants=variants,
        pictures=(),
        duration_s=1.0,
        stage_s={},
    )


def test_convolutions_of_every_kind_are_counted():
    ops = {"fused_conv2d": (3, 4), "depthwise_conv2d": (0, 2), "conv2d_transpose": (1, 1)}
    proof = PrecisionProof(precision="int8", op_types=(), ops={**ops, "pool2d": (5, 5)})
    assert proof.convolutions == (4, 7)
    assert PrecisionProof(precision="int8", op_types=(), ops={}).convolutions == (0, 0)


def test_a_failure_is_kept_whole():
    assert stopped(FAILURE) == Stopped(
        stage="latency", kind="signal", message="killed", log_tail="log"
    )
    failed = failed_variant(Variant("base", "fp32"), FAILURE)
    assert failed.variant == Variant("base", "fp32")
    assert (failed.stage, failed.kind, failed.message, failed.log_tail) == (
        "latency",
        "signal",
        "killed",
        "log",
    )


def test_a_failure_that_stopped_every_part_counts_once():
    variant = measured(proof=NO_PROOF, accuracy=NO_PROOF, latency=NO_PROOF)
    (failure,) = variant.failures
    assert (failure.variant, failure.stage) == (Variant("head", "ptq"), "proof")
    assert measured().failures == ()


def test_different_failures_of_one_model_are_named_in_order():
    variant = measured(accuracy=NO_PROOF, latency=stopped(FAILURE))
    assert [failure.stage for failure in variant.failures] == ["proof", "latency"]


def test_failures_of_a_shared_model_count_once():
    failed = failed_variant(Variant("base", "fp32"), FAILURE)
    parts = {"latency": stopped(FAILURE)}
    whole = result(failed, measured("base", **parts), measured(same_as="base ptq", **parts))
    assert [str(failure.variant) for failure in failures_of(whole)] == ["base fp32", "base ptq"]


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({"target": "cpu-native-fp32"}, "cpu-native-fp32"),
        ({"target": None}, "cpu-onednn-int8"),
        ({"target": None, "latency": stopped(FAILURE)}, ""),
    ],
)
def test_version_1_named_the_target_in_the_latency_alone(parts, name):
    assert measured(**parts).target_name == name


def test_results_of_both_versions_are_read():
    text = result(measured()).model_dump_json(by_alias=True)
    for version in ("1", "2"):
        schema = f"slimgate.result/{version}"
        read = JobResult.model_validate_json(text.replace("slimgate.result/2", schema))
        assert read.schema_ == schema
    with pytest.raises(ValidationError):
        JobResult.model_validate_json(text.replace("slimgate.result/2", "slimgate.result/3"))


def test_variants_are_told_apart_by_their_status():
    whole = result(measured(), failed_variant(Variant("head", "fp32"), FAILURE))
    read = JobResult.model_validate_json(whole.model_dump_json(by_alias=True))
    assert [type(variant) for variant in read.variants] == [Measured, Failed]
    assert read == whole


@pytest.mark.parametrize("rounds", [(), ((),), ((0.0,),), ((-1.0,),), ((float("nan"),),)])
def test_rounds_hold_positive_milliseconds(rounds):
    with pytest.raises(ValidationError):
        Latency(target="t", rounds_ms=rounds, warmup_runs=1, peak_memory_bytes=1)


def test_an_honest_failure_with_a_long_message_is_a_result():
    failure = failed_variant(Variant("head", "ptq"), JobFailure("export", "error", "m" * 9999, "l"))
    assert failure.message == "m" * 1999 + "…"
    (read,) = JobResult.model_validate_json(result(failure).model_dump_json(by_alias=True)).variants
    assert read == failure


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("artifact.method", "x" * 401),
        ("artifact.content_hash", "x" * 401),
        ("artifact.trained_op_types", ["x"] * 1001),
        ("latency.target", "x" * 401),
        ("accuracy.metric", "x" * 401),
        ("accuracy.statistics", "x" * 4097),
        ("proof.ops", {f"op{number}": [1, 1] for number in range(1001)}),
        ("proof.ops", {"x" * 401: [1, 1]}),
        ("proof.op_types", ["x" * 401]),
    ],
)
def test_names_and_lists_of_a_variant_have_a_bounded_size(where, value):
    accuracy = Accuracy(
        metric="mIoU", value=0.5, images=1, chance=0.1, statistics="s.npz", cached=False
    )
    proof = PrecisionProof(precision="int8", op_types=(), ops={})
    data = measured(accuracy=accuracy, proof=proof).model_dump(mode="json")
    part, key = where.split(".")
    assert Measured.model_validate_json(json.dumps(data))
    data[part][key] = value
    with pytest.raises(ValidationError, match="at most"):
        Measured.model_validate_json(json.dumps(data))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("variants", [failed_variant(Variant("head", "a"), FAILURE).model_dump()] * 101),
        ("pictures", [{"title": "t", "panels": {}}] * 101),
        ("pictures", [{"title": "t", "panels": {f"p{n}": "a.png" for n in range(21)}}]),
        ("pictures", [{"title": "t", "panels": {"p": "x" * 4097}}]),
        ("stage_s", {"x" * 401: 1.0}),
    ],
)
def test_the_lists_of_a_result_have_a_bounded_size(key, value):
    data = result().model_dump(mode="json", by_alias=True)
    assert JobResult.model_validate_json(json.dumps(data))
    with pytest.raises(ValidationError, match="at most"):
        JobResult.model_validate_json(json.dumps({**data, key: value}))


def test_remarks_are_cut_and_counted():
    data = measured().artifact.model_dump(mode="json")
    read = ArtifactFacts.model_validate_json(json.dumps({**data, "remarks": ["r" * 9999] * 300}))
    assert read.remarks == ("r" * 499 + "…",) * 49 + ("… and 251 more",)


def test_what_tensorrt_and_the_gpu_did_is_said_in_words():
    engines = TensorRtEngines(engines=1, dynamic=False, outside={}, layers={}, loaded=True)
    assert str(engines) == "1 engine of TensorRT; layers: not described"
    engines = TensorRtEngines(
        engines=2, dynamic=True, outside={"slice": 1, "stack": 3}, layers={"Half": 3, "Int8": 40}
    )
    assert str(engines) == (
        "2 engines of TensorRT, built anew by each process; outside of them 1 slice, 3 stack; "
        "layers: 3 Half, 40 Int8"
    )
    gpu = {"clock_mhz": (1300, 1380), "temperature_c": (40, 62)}
    assert str(GpuConditions(**gpu, dropped_rounds={})) == "1300 to 1380 MHz, 40 to 62 °C"
    warm = GpuConditions(
        **gpu, dropped_rounds={"the GPU was too warm": 2}, memory_bytes=512 * 2**20
    )
    assert str(warm).endswith("°C; 512 MiB; 2 rounds dropped: the GPU was too warm")


def test_a_proof_may_be_of_engines_that_no_longer_run():
    engines = TensorRtEngines(engines=1, dynamic=False, outside={}, layers={}, loaded=True)
    proof = PrecisionProof(precision="int8", op_types=(), ops={}, tensorrt=engines)
    assert not proof.built_anew().tensorrt.loaded
    on_cpu = proof.model_copy(update={"tensorrt": None})
    assert on_cpu.built_anew() == on_cpu
