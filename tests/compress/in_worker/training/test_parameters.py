"""Parameters in a recipe must be in the model."""

import pytest

from core.errors import JobFailure


def test_a_parameter_that_is_not_there_is_named(bench):
    section = {"pruned_ratio": 0.5, "prune_params_name": ["conv2d_9.w_0"]}
    with pytest.raises(JobFailure, match="did you mean conv2d_"):
        bench.compress({"ChannelPrune": section})
