"""Distillation alone, from one teacher or several."""

from __future__ import annotations

from compress.methods.base import MethodSpec
from compress.recipes.sections import DistillationLoss, Nodes, Section, Weight


class Distillation(Section):
    """Learning from a teacher, by default the uncompressed model itself."""

    loss: DistillationLoss | tuple[DistillationLoss, ...] = "l2"
    node: Nodes = ()
    alpha: Weight | tuple[Weight, ...] = 1.0
    teacher_model_dir: str | None = None
    teacher_model_filename: str | None = None
    teacher_params_filename: str | None = None


class MultiTeacherDistillation(Section):
    """Learning from several teachers at once."""

    loss: tuple[DistillationLoss, ...] = ()
    node: tuple[tuple[str, ...], ...] = ()
    alpha: tuple[Weight, ...] = ()
    teacher_model_dir: tuple[str, ...] = ()
    teacher_model_filename: tuple[str, ...] = ()
    teacher_params_filename: tuple[str, ...] = ()


METHOD = MethodSpec(
    role="distil",
    asked_by=(),
    sections=(
        Distillation,
        MultiTeacherDistillation,
    ),
)
