"""Which ops of an optimised program run in a low precision: by marks, by types, in TensorRT."""

from pathlib import Path

import pytest

from bench.in_worker.proving import layer_precision
from compress.worker.start import Workplace, start_worker

ROOT = str(Path(__file__).parents[3])


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("optimised"), {"PYTHONPATH": ROOT})
    with start_worker("tests.workers.optimised", "proof", place) as started:
        yield started


def op(op_type, taken="x", out="y", **attrs):
    return {"type": op_type, "in": {"X": taken}, "out": {"Out": out}, "attrs": attrs}


def convolution(taken, out, *ranges):
    attrs = dict.fromkeys(ranges, 0.5)
    return {
        "type": "conv2d",
        "in": {"Input": taken, "Filter": "w"},
        "out": {"Output": out},
        "attrs": attrs,
    }


def engine(block, **attrs):
    allowed = {"enable_int8": False, "enable_fp16": False, "with_dynamic_shape": False}
    return op("tensorrt_engine", sub_block=block, **{**allowed, **attrs})


def prove(worker, proof, *blocks, **more):
    answer = worker.call({"proof": proof, "blocks": blocks, **more}, 60)
    return {name: tuple(counts) for name, counts in answer["ops"].items()}, answer["tensorrt"]


INT8, FP16 = ({"by": "tensorrt", "precision": precision} for precision in ("int8", "fp16"))


@pytest.mark.paddle
def test_marked_ops_are_counted_in_every_block(worker):
    proof = {"by": "marks", "attribute": "kind", "value": "int8"}
    counts, about = prove(
        worker,
        proof,
        [op("feed"), op("conv", kind="int8"), op("conv", kind="float32"), op("fetch")],
        [op("conv", kind="int8"), op("relu")],
    )
    assert counts == {"conv": (2, 3), "relu": (0, 1)}
    assert about is None


@pytest.mark.paddle
def test_converted_ops_write_variables_of_the_type_alone(worker):
    two = {"type": "split", "in": {"X": "c"}, "out": {"Out": "d", "Other": "e"}}
    counts, _ = prove(
        worker,
        {"by": "types"},
        [op("feed", "i", "a"), op("relu", "a", "b"), op("relu", "b", "c"), two],
        half=("b", "d"),
    )
    assert counts == {"relu": (1, 2), "split": (0, 1)}


@pytest.mark.paddle
def test_int8_needs_an_engine_that_allows_it_and_ranges_at_both_ends(worker):
    """The range of ``e`` is named by the op that reads it."""
    inside = [
        convolution("a", "b", "Input", "Output"),
        convolution("b", "c", "Input"),
        convolution("c", "d", "Output"),
        convolution("d", "e"),
        op("relu", "e", "f", X=0.5, Out=0.25),
    ]
    outside = [convolution("f", "g", "Input", "Output")]
    counts, _ = prove(worker, INT8, [engine(1, enable_int8=True), *outside], inside)
    assert counts == {"conv2d": (2, 5), "relu": (1, 1)}
    counts, _ = prove(worker, INT8, [engine(1, enable_fp16=True), *outside], inside)
    assert counts == {"conv2d": (0, 5), "relu": (0, 1)}


@pytest.mark.paddle
def test_fp16_needs_an_engine_that_allows_it(worker):
    blocks = ([engine(1, enable_fp16=True), op("slice")], [convolution("a", "b"), op("relu")])
    counts, _ = prove(worker, FP16, *blocks)
    assert counts == {"conv2d": (1, 1), "relu": (1, 1), "slice": (0, 1)}


@pytest.mark.paddle
def test_what_stays_outside_and_the_layers_as_they_run_are_described(worker):
    layers = [
        {"Name": "conv", "Weights": {"Type": "Int8"}, "Outputs": [{"Format/Datatype": "fp32"}]},
        {"Name": "other", "Weights": {"Type": "Half", "Count": 3}},
        "a name alone, as without details",
    ]
    _, about = prove(
        worker,
        INT8,
        [op("feed"), engine(1, with_dynamic_shape=True), op("slice"), op("slice"), engine(2)],
        [op("relu")],
        [op("relu")],
        files={
            "engine_info_1.json": layers,
            "engine_info_2.json": layers[:1],
        },
    )
    assert about == {
        "engines": 2,
        "dynamic": True,
        "outside": {"slice": 2},
        "layers": {"Half": 1, "Int8": 2},
        "loaded": False,
    }


@pytest.mark.paddle
@pytest.mark.parametrize(
    ("built", "files", "loaded"),
    [
        ({"trt_serialized_1": "a", "engine_info_1.json": []}, {}, True),
        ({"trt_serialized_1": "a", "trt_serialized_2": "b"}, {}, False),
        ({"trt_serialized_1": "a"}, {"trt_serialized_2": "b"}, False),
        ({"trt_serialized_1": "a"}, {"trt_serialized_1": "b"}, False),
        ({}, {"trt_serialized_1": "a"}, False),
        ({}, {}, False),
    ],
)
def test_engines_are_loaded_if_paddle_wrote_none_of_its_own(worker, built, files, loaded):
    described = {"engine_info_1.json": [{"Weights": {"Type": "Int8"}}], **files}
    blocks = ([engine(1)], [op("relu")])
    _, about = prove(worker, INT8, *blocks, files=described, built=built)
    assert (about["layers"], about["loaded"]) == ({"Int8": 1}, loaded)


@pytest.mark.paddle
def test_a_program_without_engines_has_nothing_inside_them(worker):
    counts, about = prove(worker, INT8, [op("relu", X=0.5, Out=0.5)])
    assert counts == {"relu": (0, 1)}
    nothing = {"engines": 0, "dynamic": False, "layers": {}, "loaded": False}
    assert about == {**nothing, "outside": {"relu": 1}}


@pytest.mark.parametrize(
    ("layer", "precision"),
    [
        ({"Weights": {"Type": "Int8"}}, "Int8"),
        ({"Weights": {"Type": "Float"}, "Outputs": [{"Format/Datatype": "Int8 NHWC"}]}, "Float"),
        ({"Weights": {}, "Outputs": [{"Format/Datatype": "Row major Int8 format"}]}, "Int8"),
        ({"Outputs": [{"Format/Datatype": "Two wide vectorized row major FP16 format"}]}, "Half"),
        ({"Outputs": [{"Format/Datatype": "Row major linear FP32"}]}, "Float"),
        ({"Outputs": [{"Format/Datatype": "Row major Int32"}]}, "other"),
        ({"Outputs": []}, "other"),
        ({}, "other"),
    ],
)
def test_a_layer_has_the_type_of_its_weights_else_of_what_it_writes(layer, precision):
    assert layer_precision(layer) == precision
