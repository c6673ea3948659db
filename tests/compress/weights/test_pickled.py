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
    def __reduce__(self):
        return os.system, ("touch /tmp/slimgate-was-here",)


def test_code_is_refused_and_not_run(tmp_path):
    path = tmp_path / "w.pdparams"
    path.write_bytes(pickle.dumps({"a": Evil()}))
    with pytest.raises(pickle.UnpicklingError, match="arrays only"):
        load_weights(path)
    assert not os.path.exists("/tmp/slimgate-was-here")
