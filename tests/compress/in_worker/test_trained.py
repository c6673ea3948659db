"""Networks are filled with what fits, and what they compute decides what has to fit."""

import pickle
from types import SimpleNamespace

import numpy as np
import pytest

from compress.in_worker.trained import Filling

HEAD = {
    "stem.weight": (8, 3, 1, 1),
    "twin.weight": (8, 3, 1, 1),
    "aux_head.weight": (2, 8),
    "classifier.weight": (4, 8),
}
PARAMETERS = {"stem.weight": "conv2d_0.w_0", "twin.weight": "conv2d_0.w_0"}
LAYERS = {"conv2d_0.w_0_deepcopy_7": "twin.weight"}
"""Of the program, which leaves out the head and the classifier that only training uses. Its one
layer has two names in the suite.
"""


class Network:
    """The part of a layer that is asked: its arrays, and what was loaded into it."""

    def __init__(self):
        self.loaded = {}

    def state_dict(self):
        return {
            name: SimpleNamespace(
                name=PARAMETERS.get(name, f"p_{name}"), shape=list(shape), dtype="paddle.float32"
            )
            for name, shape in HEAD.items()
        }

    def set_state_dict(self, arrays):
        self.loaded.update(arrays)


def program(filters):
    """A program with one convolution, which reads ``filters``."""
    variables = [
        SimpleNamespace(name="x", persistable=False),
        SimpleNamespace(name="feed", persistable=True),
        SimpleNamespace(name=filters, persistable=True),
    ]
    return SimpleNamespace(program=SimpleNamespace(list_vars=lambda: iter(variables)))


PLAIN, MERGED = program("conv2d_0.w_0_deepcopy_7"), program("conv2d_9.w_0")


@pytest.fixture
def fill(tmp_path):
    def fill_with(**changes):
        shapes = {**HEAD, **{k.replace("__", "."): v for k, v in changes.items()}}
        arrays = {n: np.ones(s, np.float32) for n, s in shapes.items() if s is not None}
        (tmp_path / "w.pdparams").write_bytes(pickle.dumps(arrays))
        filling, network = Filling(tmp_path / "w.pdparams", tmp_path), Network()
        filling(network)
        return filling, network

    return fill_with


def test_weights_that_fit_are_loaded_and_leave_nothing_to_say(fill):
    filling, network = fill()
    assert set(network.loaded) == set(HEAD)
    fit = filling.judge(PLAIN, LAYERS, ("aux_head",))
    assert (fit.problem, fit.remark) == ("", "")


def test_an_array_of_another_shape_is_not_loaded_and_named(fill):
    filling, network = fill(stem__weight=(9, 3, 1, 1))
    assert set(network.loaded) == {"twin.weight", "aux_head.weight", "classifier.weight"}
    assert filling.judge(PLAIN, LAYERS, ()).problem == (
        "1 of 4 arrays (stem.weight: 9x3x1x1 in the file, 8x3x1x1 in the network)"
    )


@pytest.mark.parametrize("name", ["stem", "twin"])
def test_a_layer_with_two_names_counts_under_both(fill, name):
    filling, _ = fill(**{f"{name}__weight": None})
    fit = filling.judge(PLAIN, LAYERS, ())
    assert fit.problem == f"1 of 4 arrays ({name}.weight: not in the file)"


def test_what_the_program_does_not_read_may_differ(fill):
    filling, _ = fill(classifier__weight=(99, 8), aux_head__weight=None)
    fit = filling.judge(PLAIN, LAYERS, ())
    assert (fit.problem, len(fit.idle)) == ("", 2)


def test_where_an_export_computes_arrays_only_parts_for_training_may_differ(fill):
    """The branches of a merged convolution are not in the program, and matter all the same."""
    filling, _ = fill(classifier__weight=(99, 8), aux_head__weight=None)
    fit = filling.judge(MERGED, {}, ("aux_head",))
    assert fit.problem == "1 of 4 arrays (classifier.weight: 99x8 in the file, 4x8 in the network)"


def test_initial_weights_have_nothing_to_fit(tmp_path):
    filling = Filling(None, tmp_path)
    filling(Network())
    assert filling.judge(PLAIN, LAYERS, ()).problem == ""
    assert (tmp_path / "layers.json").is_file()


def test_a_driver_that_fills_nothing_is_an_error(tmp_path):
    with pytest.raises(RuntimeError, match="a network that it did not fill"):
        Filling(tmp_path / "w.pdparams", tmp_path).judge(PLAIN, LAYERS, ())
