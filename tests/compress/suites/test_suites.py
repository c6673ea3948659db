"""The registry of suites: each is complete, and an unknown name lists the valid ones."""

import importlib.util

import pytest

from compress.suites import NAMES, SUITES, find_dialect, find_suite
from core.errors import InputError


def test_every_name_offers_a_suite_in_order():
    assert tuple(SUITES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_suite_has_a_driver_a_package_and_hosts(name):
    suite = find_suite(name)
    assert importlib.util.find_spec(suite.driver) is not None
    assert suite.distribution
    assert all("/" not in host for host in suite.hosts)
    assert find_dialect(name) is suite.dialect


@pytest.mark.parametrize("find", [find_suite, find_dialect])
def test_an_unknown_name_lists_the_valid_ones(find):
    with pytest.raises(InputError, match="unknown dialect 'PaddleSeq'") as caught:
        find("PaddleSeq")
    error = caught.value
    assert (error.key, error.choices, error.nearest) == ("dialect", NAMES, "paddleseg")
    assert error.hint
