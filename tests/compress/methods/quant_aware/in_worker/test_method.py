"""The classic quant-aware flow; its training is part of the end-to-end tests."""

import pytest

from core.errors import JobFailure


def test_noise_has_no_labels_to_train_on(bench):
    with pytest.raises(JobFailure, match="TaskLoss needs labelled training data"):
        bench.compress({"QuantAware": {}, "TaskLoss": {}})
