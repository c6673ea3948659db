"""Paddle's post-training quantisation, without the errors that stop it on some models.

Paddle samples variables of branches that were not taken ("Cannot find … in scope"), infinite values
of masked anchors (``hist``) and scalars (``avg``: "tuple index out of range"), and floods the log
with progress bars.
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
    """``PostTrainingQuantization`` that leaves out what it cannot sample, and reports progress."""

    def __init__(self, tell: Tell, runner: Any, **options: Any) -> None:
        """``runner`` runs the batches; ``executor``, one of the options, loads and saves."""
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
        """Like Paddle's, but restricted to variables that only the main block uses: a branch that
        is not taken leaves no tensor, and a loop fails if its variables are kept.
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
        """Stores the range of each output on its op, for engines other than oneDNN. Paddle's fails
        if a range is missing, so it is not called if tensors were left out.
        """
        if not self.left_out:
            super()._save_output_threshold()

    def _reset_activation_persistable(self) -> None:
        """Resets tensors that were left out as well, or they would be stored as weights."""
        super()._reset_activation_persistable()
        left_out = set(self.left_out)
        for var in self._program.list_vars():
            if var.name in left_out:
                var.persistable = False

    def _leave_out_infinite(self) -> None:
        """Leaves out tensors that are infinite on this batch, such as masks, since they have no
        range, and discards what was collected of them on other batches.
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
    """An executor that passes batches on to another; Paddle also uses its other attributes."""

    def __init__(self, executor: Any, runner: Any) -> None:
        self.executor, self.runner = executor, runner

    def run(self, program: Any = None, feed: Any = None, **options: Any) -> Any:
        executor = self.runner if feed else self.executor
        return executor.run(program=program, feed=feed, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.executor, name)


def _load_with_axis(scope: Any, name: str) -> npt.NDArray[Any]:
    """A variable's value with at least one axis."""
    value: npt.NDArray[Any] = np.atleast_1d(LOADED(scope, name))
    return value
