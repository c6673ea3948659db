"""Numbers as people read them: enough digits, and never an exponent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.stats import Interval
from bot.text.quantities import half_width, milliseconds


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (0, "0"),
        (0.0009, "0"),
        (0.001, "0"),
        (0.0011, "0.0011"),
        (0.0512, "0.051"),
        (1.26, "1.3"),
        (12.6, "13"),
        (99.4, "99"),
        (99.5, "100"),
        (1234.5, "1234"),
    ],
)
def test_a_half_width_has_two_digits(width, text):
    assert half_width(Interval(value=0, low=-width, high=width)) == text


@given(st.floats(0, 1e12))
def test_a_half_width_has_no_exponent(width):
    assert "e" not in half_width(Interval(value=0, low=-width, high=width))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0.00"),
        (1.234, "1.23"),
        (9.99, "9.99"),
        (10, "10.0"),
        (99.94, "99.9"),
        (641.26, "641.3"),
    ],
)
def test_milliseconds_have_three_digits_or_one_decimal(value, text):
    assert milliseconds(value) == text
