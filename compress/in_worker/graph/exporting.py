"""Mends Paddle's conversion of models to static programs. Workers only.

For each parameter, Paddle 2.6 asks op after op whether it is used, and copies every op's names out
of C++ to do so: the square of the model's size, minutes for OCRNet-HRFormer; here they are read
once. Models with ``SyncBatchNorm`` (PIDNet) cannot be built on a processor, for which Paddle has no
such op; on one device it is ``BatchNorm``.
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
    """What ``BatchNorm`` does, with the attributes of ``SyncBatchNorm``."""
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
    """Keeps the parameters that an op reads or writes, in their order."""
    used = {
        name
        for block in program.blocks
        for op in block.ops
        for names in (op.input_arg_names, op.output_arg_names)
        for name in names
    }
    self._params = [param for param in self._params if param.name in used]
