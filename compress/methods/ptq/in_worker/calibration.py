"""Paddle's post-training quantisation without the places where it gives up.

It samples variables of branches that were not taken ("Cannot find … in scope"), infinite values of
masked anchors (``hist``), scalars (``avg``: "tuple index out of range"), and floods the log with
progress bars.
"""

from __future__ import annotations

import contextlib
import io
import time
from typing import Any

import numpy as np
import numpy.typing as npt
from paddle.static.quantization import PostTrainingQuantization, utils

from compress.artifacts.training_log import Step
from compress.in_worker.method import Tell

LOADED = utils.load_variable_data


class Calibration(PostTrainingQuantization):  # type: ignore[misc]
    """``PostTrainingQuantization`` that leaves out what it cannot sample, and reports."""

    def __init__(self, tell: Tell, runner: Any, **options: Any) -> None:
        """``runner`` runs the batches, in the place of ``executor``, which loads and saves."""
        super().__init__(**options)
        self.tell = tell
        self.runner = runner
        self.sampled = 0
        self.left_out: list[str] = []
        self.start = time.monotonic()

    def run(self) -> None:
        """Calibrates and quantises, without progress bars."""
        utils.load_variable_data = _load_with_axis
        loading: Any = self._executor
        self._executor: Any = _Runner(loading, self.runner)
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                self.quantize()
        finally:
            utils.load_variable_data = LOADED
            self._executor = loading

    def _collect_target_varnames(self) -> None:
        """As Paddle's, but only what the main block computes for itself: a branch that is not taken
        leaves no tensor to look at, and a loop breaks if its variables are kept.
        """
        super()._collect_target_varnames()
        main, *branches = self._program.blocks
        computed = {name for op in main.ops for name in op.output_arg_names} | set(self._feed_list)
        for block in branches:
            for op in block.ops:
                computed -= {*op.input_arg_names, *op.output_arg_names}
        self.left_out += sorted(self._quantized_act_var_name - computed)
        self._quantized_act_var_name &= computed

    def _collect_activation_abs_min_max(self) -> None:
        self._leave_out_infinite()
        super()._collect_activation_abs_min_max()

    def _sampling(self) -> None:
        self._leave_out_infinite()
        super()._sampling()
        self.sampled += 1
        left_s = (time.monotonic() - self.start) / self.sampled * (self._batch_nums - self.sampled)
        step = Step(
            doing="calibrating",
            step=self.sampled,
            steps=self._batch_nums,
            left_s=round(max(left_s, 0.0), 1),
        )
        self.tell(step.model_dump())

    def _save_output_threshold(self) -> None:
        """Notes the range of each output on its op, for engines other than oneDNN; fails if one of
        them is missing, so that it is left where some were left out.
        """
        if not self.left_out:
            super()._save_output_threshold()

    def _reset_activation_persistable(self) -> None:
        """Also of what was left out, or it would be stored as a weight."""
        super()._reset_activation_persistable()
        left_out = set(self.left_out)
        for var in self._program.list_vars():
            if var.name in left_out:
                var.persistable = False

    def _leave_out_infinite(self) -> None:
        """Masks with infinities have no range, nor has what overflows on one batch alone: what was
        collected of it on others is forgotten.
        """
        infinite = {
            name
            for name in self._quantized_act_var_name
            if not np.all(np.isfinite(LOADED(self._scope, name)))
        }
        self.left_out += sorted(infinite)
        self._quantized_act_var_name -= infinite
        collected = [value for value in vars(self).values() if isinstance(value, dict)]
        for values in collected if infinite else ():
            for name in infinite & values.keys():
                del values[name]


class _Runner:
    """An executor whose batches another one runs; Paddle asks it for other things, too."""

    def __init__(self, executor: Any, runner: Any) -> None:
        self.executor, self.runner = executor, runner

    def run(self, program: Any = None, feed: Any = None, **options: Any) -> Any:
        executor = self.runner if feed else self.executor
        return executor.run(program=program, feed=feed, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.executor, name)


def _load_with_axis(scope: Any, name: str) -> npt.NDArray[Any]:
    """A variable's value with one axis at least."""
    value: npt.NDArray[Any] = np.atleast_1d(LOADED(scope, name))
    return value
