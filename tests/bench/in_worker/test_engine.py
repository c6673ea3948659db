"""A loaded model sets its inputs, runs, and copies its outputs; calls come as Paddle takes them."""

import numpy as np
import pytest

from bench.engines.calls import OpSet, ShapeRanges
from bench.in_worker.engine import PaddleModel, argument_for
from bench.requests import Configured


class Handle:
    """An input or output of a predictor, which counts how often it is copied."""

    def __init__(self):
        self.array, self.shape, self.copies = None, None, 0

    def reshape(self, shape):
        self.shape = tuple(shape)

    def copy_from_cpu(self, array):
        assert array.flags.c_contiguous
        assert array.shape == self.shape
        self.array = array

    def copy_to_cpu(self):
        self.copies += 1
        return self.array.copy()


class Doubling:
    """Stands in for Paddle's predictor: each output is twice the input of the same position."""

    def __init__(self, *names):
        self.inputs = {name: Handle() for name in names}
        self.outputs = {f"{name}.out": Handle() for name in names}
        self.get_input_handle = self.inputs.__getitem__
        self.get_output_handle = self.outputs.__getitem__
        self.runs = 0

    def get_input_names(self):
        return list(self.inputs)

    def get_output_names(self):
        return list(self.outputs)

    def run(self):
        self.runs += 1
        for fed, out in zip(self.inputs.values(), self.outputs.values(), strict=True):
            out.array = fed.array * 2


@pytest.fixture
def predictor():
    return Doubling("x", "scale")


FEEDS = {"scale": np.ones(2), "unused": np.ones(1), "x": np.arange(6.0).reshape(2, 3).T}


def test_every_input_is_fed_by_name_and_every_output_returned(predictor):
    model = PaddleModel(predictor)
    assert model.feeds() == ["x", "scale"]
    image, scale = model.run(FEEDS)
    np.testing.assert_array_equal(image, FEEDS["x"] * 2)
    np.testing.assert_array_equal(scale, [2.0, 2.0])


def test_an_input_that_is_not_fed_is_an_error(predictor):
    with pytest.raises(KeyError, match="x"):
        PaddleModel(predictor).run({"scale": np.ones(2)})


def test_each_timed_run_copies_every_output_and_settling_is_not_counted(predictor):
    samples = PaddleModel(predictor).time_runs(FEEDS, 5)
    assert len(samples) == 5
    assert all(sample > 0 for sample in samples)
    assert predictor.runs > 5 + 1
    assert [handle.copies for handle in predictor.outputs.values()] == [predictor.runs] * 2


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        (True, True),
        (2, 2),
        ("a", "a"),
        (("b", "c"), ["b", "c"]),
        (OpSet(op_set=("b", "c")), {"b", "c"}),
        (OpSet(op_set=()), set()),
        (ShapeRanges(), "m/shapes.pbtxt"),
    ],
)
def test_arguments_are_passed_as_paddle_takes_them(value, taken):
    engine = Configured(model="m", calls=(), shape_ranges="m/shapes.pbtxt")
    assert argument_for(value, engine) == taken
    assert type(argument_for(value, engine)) is type(taken)


def test_ranges_of_shapes_have_to_be_there():
    with pytest.raises(ValueError, match="there are none"):
        argument_for(ShapeRanges(), Configured(model="m", calls=()))
