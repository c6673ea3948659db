"""Gives every weight of a network values that follow from its name alone. Workers only.

Initial values depend on initialisers, and on the order in which a network makes its layers. With
these, two revisions have equal weights exactly where trained weights of one fit the other.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

STATISTICS = ("_mean", "_variance")
"""The last part of the names of a normalisation's statistics, which are no parameters in Paddle."""
LOW, HIGH = 0.5, 1.5
"""Positive, as variances have to be."""


def name_weights(model: Any) -> None:
    """Overwrites the parameters of floating point and the statistics of normalisations. Other
    stored arrays, such as anchors, keep what the code computes.
    """
    weights = {name for name, _ in model.named_parameters()}
    arrays = model.state_dict()
    named = {
        name: _values(name, tuple(array.shape))
        for name, array in arrays.items()
        if (name in weights or name.rpartition(".")[2] in STATISTICS)
        and "float" in str(array.dtype)
    }
    for name, values in named.items():
        arrays[name].set_value(values.astype(arrays[name].numpy().dtype))


def _values(name: str, shape: tuple[int, ...]) -> Any:
    generator = np.random.default_rng(zlib.crc32(name.encode()))
    return generator.uniform(LOW, HIGH, shape).astype(np.float32)
