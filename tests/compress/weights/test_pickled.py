"""Weights are read without running what a pickle may hold."""

import os
import pickle
from collections import OrderedDict

import numpy as np
import pytest

from compress.weights.pickled import load_weights


def test_arrays_and_named_pairs(tmp_path):
    state = OrderedDict(a=np.ones(2, np.float32), b=("b_0", np.zeros(3)), step=3)
    path = tmp_path / "w.pdparams"
    path.write_bytes(pickle.dumps(state, protocol=2))
    loaded = load_weights(path)
    assert set(loaded) == {"a", "b"}
    np.testing.assert_array_equal(loaded["b"], np.zeros(3))


class Evil:
    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return os.system, (f"touch {self.trace}",)


def test_code_is_refused_and_not_run(tmp_path):
    path = tmp_path / "w.pdparams"
    path.write_bytes(pickle.dumps({"a": Evil(tmp_path / "trace")}))
    with pytest.raises(pickle.UnpicklingError, match=r"arrays only, not posix\.system"):
        load_weights(path)
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize("state", [[np.ones(2)], np.ones(2), 3])
def test_weights_are_a_dictionary(tmp_path, state):
    path = tmp_path / "w.pdparams"
    path.write_bytes(pickle.dumps(state))
    with pytest.raises(pickle.UnpicklingError, match="a dictionary of arrays"):
        load_weights(path)


@pytest.mark.parametrize("content", [b"", b"<html>", b"\x80\x02}"])
def test_a_file_that_is_not_a_whole_pickle_is_refused(tmp_path, content):
    path = tmp_path / "w.pdparams"
    path.write_bytes(content)
    with pytest.raises((pickle.UnpicklingError, EOFError)):
        load_weights(path)


@pytest.mark.parametrize("dtype", ["float32", "float16", "int64", "bool"])
@pytest.mark.parametrize("protocol", [2, 3, 4])  # what paddle.save writes
def test_arrays_of_every_protocol_and_type_are_read(tmp_path, protocol, dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    path = tmp_path / "w.pdparams"
    path.write_bytes(pickle.dumps({"a": array}, protocol=protocol))
    loaded = load_weights(path)["a"]
    assert loaded.dtype == array.dtype
    np.testing.assert_array_equal(loaded, array)
