"""Makes Paddle's conversion of models to static programs fast. Workers only.

For each parameter, Paddle 2.6 asks op after op whether it is used, and copies every op's names out
of C++ to do so: the square of the model's size, minutes for OCRNet-HRFormer. ``install`` reads the
names once.
"""

from __future__ import annotations

from typing import Any


def install() -> None:
    """Replaces a method of ``PartialProgramLayer`` in this process."""
    from paddle.jit.dy2static.partial_program import PartialProgramLayer

    PartialProgramLayer._prune_unused_params = _prune_unused_params


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
