"""Loads trained weights without running code from their pickle."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np

_ADMITTED = {
    ("collections", "OrderedDict"),
    ("builtins", "tuple"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("_codecs", "encode"),
}


class _StateUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ADMITTED:
            raise pickle.UnpicklingError(f"weights may hold arrays only, not {module}.{name}")
        return super().find_class(module, name)


def load_weights(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of a ``.pdparams`` file by parameter name.

    Paddle writes a pickle in which each tensor is an array or a pair (name, array). Raises
    pickle.UnpicklingError if the pickle holds anything but numpy arrays in plain containers.
    """
    with path.open("rb") as stream:
        state = _StateUnpickler(stream, encoding="latin1").load()
    if not isinstance(state, dict):
        raise pickle.UnpicklingError("weights must hold a dictionary of arrays")
    pairs = {name: value[1] if isinstance(value, tuple) else value for name, value in state.items()}
    return {name: value for name, value in pairs.items() if isinstance(value, np.ndarray)}
