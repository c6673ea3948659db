"""Metrics are found by the name that a dialect gives."""

import pytest

from bench.metrics import METRICS, NAMES, find_metric
from bench.metrics.storage import FORMS
from core.errors import InputError


def test_every_metric_is_found_by_its_name():
    assert list(METRICS) == list(NAMES)
    assert all(find_metric(name) is METRICS[name] for name in NAMES)


def test_statistics_of_every_metric_can_be_stored():
    assert {metric.statistics for metric in METRICS.values()} == set(FORMS.values())


def test_an_unknown_metric_is_refused_with_the_valid_ones():
    with pytest.raises(InputError, match="unknown metric 'moiu'") as caught:
        find_metric("moiu")
    assert caught.value.choices == NAMES
    assert caught.value.nearest == "miou"
