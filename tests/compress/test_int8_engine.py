"""What the engine may run in oneDNN."""

import numpy as np


def test_a_kernel_left_out_runs_elsewhere(bench):
    """``set_mkldnn_op`` takes what oneDNN may run; the result stays."""
    whole = bench.infer(bench.model, "cpu-onednn-fp32")
    without = bench.infer(bench.model, "cpu-onednn-fp32", ("add", "relu"))
    assert np.allclose(whole, without, atol=1e-5)
