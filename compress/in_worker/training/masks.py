"""Keeps the zeros of a sparse model while it is trained further."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

SPARSE = 0.1
"""Least share of zeros with which a weight counts as sparse on purpose."""


class KeptZeros:
    """Restores the zeros that weights had at the start; ACT's ``sparse_model`` fails to convert."""

    def __init__(self, scope: Any, names: Iterable[str]) -> None:
        self.scope = scope
        self.masks: dict[str, npt.NDArray[np.float32]] = {}
        for name in names:
            values = np.asarray(scope.find_var(name).get_tensor())
            if values.ndim > 1 and np.mean(values == 0) >= SPARSE:
                self.masks[name] = (values != 0).astype(np.float32)

    def put_back(self) -> None:
        """Restores them after a step of the optimiser, which changes zeros, too."""
        import paddle

        for name, mask in self.masks.items():
            tensor = self.scope.find_var(name).get_tensor()
            tensor.set(np.asarray(tensor) * mask, paddle.CPUPlace())
