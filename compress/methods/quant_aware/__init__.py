"""The classic quant-aware flow: training on labels, without a teacher."""

from __future__ import annotations

from typing import Literal

from compress.methods.base import MethodSpec
from compress.recipes.op_types import QAT_OP_TYPES
from compress.recipes.sections import Section


class TaskLoss(Section):
    """Training on the data's labels: the classic quant-aware flow, without a teacher."""

    loss: Literal["cross_entropy"] = "cross_entropy"
    ignore_index: int = 255


METHOD = MethodSpec(
    role="quantise",
    asked_by=("QuantAware", "TaskLoss"),
    sections=(TaskLoss,),
    op_types=QAT_OP_TYPES,
    teacher=False,
)
