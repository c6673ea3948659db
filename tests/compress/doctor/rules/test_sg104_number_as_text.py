"""SG104: numbers in scientific notation, which YAML 1.1 reads as text."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from compress.doctor.rules.sg104_number_as_text import RULE, decimal, leaves
from tests.compress.doctor.rules import corrected, findings, messages


def test_a_number_in_a_nested_list_is_corrected_where_it_stands():
    text = "TrainConfig:\n  learning_rate:\n    values: [0.1, 1e-3]  # two\n"
    assert messages(RULE, text) == [(3, "YAML reads 1e-3 as text, not as a number; write 0.001")]
    assert corrected(RULE, text) == text.replace("1e-3", "0.001")


@pytest.mark.parametrize("value", ["1.0e-4", "0.001", "hist", "e", "None", "conv2d"])
def test_numbers_and_words_pass(value):
    assert findings(RULE, f"TrainConfig:\n  learning_rate: {value}\n") == []


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e-4, "0.0001"), (1e-5, "0.00001"), (2.5e-7, "0.00000025"), (1e16, "10000000000000000.0")],
)
def test_decimals_have_no_exponent(value, text):
    assert decimal(value) == text


@given(st.integers(1, 999), st.integers(-12, 12))
def test_yaml_reads_every_decimal_as_the_number(mantissa, exponent):
    value = float(f"{mantissa}e{exponent}")
    assert yaml.safe_load(decimal(value)) == pytest.approx(value)


def test_leaves_are_scalars_with_their_paths():
    document = {"a": [1, {"b": None}], "c": "x", "d": {}}
    assert list(leaves(document, ())) == [
        (("a", 0), 1),
        (("a", 1, "b"), None),
        (("c",), "x"),
    ]
