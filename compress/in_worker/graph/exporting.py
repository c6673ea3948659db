"""Corrects Paddle's conversion of models to static programs. Workers only.

For each parameter, Paddle 2.6 searches all ops for a use, and copies every op's names out of C++
each time: quadratic in the size of the model, minutes for OCRNet-HRFormer. Here the names are read
once. Models with ``SyncBatchNorm`` (PIDNet) cannot be built on a CPU, for which Paddle lacks the
op; on a single device it equals ``BatchNorm``.
"""

from __future__ import annotations

from typing import Any


def install() -> None:
    """Replaces methods of Paddle in this process."""
    from paddle.jit.dy2static.partial_program import PartialProgramLayer
    from paddle.nn import SyncBatchNorm

    PartialProgramLayer._prune_unused_params = _prune_unused_params
    SyncBatchNorm.forward = _normalise


def _normalise(self: Any, x: Any) -> Any:
    """The forward pass of ``BatchNorm``, with the attributes of ``SyncBatchNorm``."""
    from paddle.nn.functional import batch_norm

    return batch_norm(
        x,
        self._mean,
        self._variance,
        weight=self.weight,
        bias=self.bias,
        training=self.training,
        momentum=self._momentum,
        epsilon=self._epsilon,
        data_format=self._data_format,
    )


def _prune_unused_params(self: Any, program: Any) -> None:
    """Keeps only parameters that an op reads or writes, in their order."""
    used = {
        name
        for block in program.blocks
        for op in block.ops
        for names in (op.input_arg_names, op.output_arg_names)
        for name in names
    }
    self._params = [param for param in self._params if param.name in used]
