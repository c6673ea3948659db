"""Quantities from outside have physical ranges, within which no arithmetic fails."""

import math
from itertools import product
from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from core import quantities

NAMES = [name for name in vars(quantities) if name[0].isupper() and not name.isupper()]
NUMBERS = [name for name in NAMES if get_args(getattr(quantities, name))[:1] in ((int,), (float,))]


def bounds(name):
    """The least and the greatest value that a type takes."""
    field = get_args(getattr(quantities, name))[1]
    limits = {type(limit).__name__: limit for limit in field.metadata}
    least = limits["Ge"].ge if "Ge" in limits else limits["Gt"].gt + 1
    return least, limits["Le"].le if "Le" in limits else limits["Lt"].lt - 1


def test_every_quantity_is_bounded_on_both_sides():
    assert {"LatencyMs", "DurationS", "SomeBytes", "Count", "Fraction", "Axis"} <= {*NUMBERS}
    for name in NUMBERS:
        assert all(map(math.isfinite, bounds(name))), name


@pytest.mark.parametrize("name", NUMBERS)
def test_what_lies_beyond_a_range_is_refused(name):
    adapter = TypeAdapter(getattr(quantities, name))
    least, most = bounds(name)
    assert [adapter.validate_python(value) for value in (least, most)] == [least, most]
    for value in (10**400, -(10**400), 1e308, -1e308, math.nan, math.inf):
        with pytest.raises(ValidationError):
            adapter.validate_python(value)


def test_five_denormal_milliseconds_are_none():
    with pytest.raises(ValidationError):
        TypeAdapter(quantities.LatencyMs).validate_python(5e-324)


def test_ratios_and_sums_of_the_extremes_are_finite():
    latencies = bounds("LatencyMs")
    assert all(0 < a / b < math.inf for a, b in product(latencies, latencies))
    for name in NUMBERS:
        assert all(math.isfinite(float(v) ** 2 * 1e6) for v in bounds(name)), name
