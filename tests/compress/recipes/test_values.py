"""Values as they were meant: numbers that YAML reads as text, ``None``, integers for floats."""

import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from compress.recipes.values import decimal, meant_value, normalise


@pytest.mark.parametrize(
    ("value", "key", "meant"),
    [
        ("None", "a.b", None),
        ("1e-4", "a.b", 1e-4),
        ("1E3", "a.b", 1000.0),
        ("2e3", "TrainConfig.train_iter", 2000),
        ("2e3", "TrainConfig.learning_rate", 2000.0),
        ("4e3", "TrainConfig.learning_rate.T_max", 4000),
        ("4e3", "TrainConfig.learning_rate.eta_min", 4000.0),
        ("1e-4", "TrainConfig.optimizer_builder.weight_decay", 1e-4),
        ("1e5", "Distillation.node.0", "1e5"),
        ("1.5e0", "TrainConfig.epochs", "1.5e0"),
        ("1e400", "a.b", "1e400"),
        ("1.e2", "a.b", 100.0),
        (".5E1", "a.b", 5.0),
        ("1.2.3e1", "a.b", "1.2.3e1"),
        ("9" * 100_000, "a.b", "9" * 100_000),
        ("hope", "a.b", "hope"),
        (1, "QuantPost.lr", 1.0),
        (0, "TrainConfig.optimizer_builder.weight_decay", 0.0),
        (1, "QuantAware.moving_rate", 1.0),
        (True, "Distillation.alpha", True),
        (1, "TrainConfig.epochs", 1),
        (2000.0, "TrainConfig.train_iter", 2000),
        (2000.5, "TrainConfig.train_iter", 2000.5),
        (math.inf, "TrainConfig.train_iter", math.inf),
        (10.0, "TrainConfig.learning_rate.T_max", 10),
        ("l2_loss", "Distillation.loss", "l2"),
        ("l2_loss", "MultiTeacherDistillation.loss.0", "l2"),
        ("l2_loss", "QuantPost.algo", "l2_loss"),
        ("none", "a.b", "none"),
    ],
)
def test_a_scalar_is_what_its_key_makes_of_it(value, key, meant):
    assert (type(meant_value(value, key)), meant_value(value, key)) == (type(meant), meant)


@given(st.recursive(st.integers() | st.text() | st.none(), st.lists, max_leaves=5))
def test_normalising_twice_changes_nothing_more(value):
    repairs = []
    once = normalise(value, "A.b", [])
    assert normalise(once, "A.b", repairs) == once
    assert repairs == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-4, "0.0001"),
        (1e-5, "0.00001"),
        (2.5e-7, "0.00000025"),
        (1.23456789e-9, "0.00000000123456789"),
        (1e16, "10000000000000000.0"),
        (1e-30, "1.0e-30"),
        (-2.5e40, "-2.5e+40"),
        (2000, "2000"),
    ],
)
def test_decimals_have_no_exponent_unless_they_were_very_long(value, text):
    assert decimal(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_yaml_reads_every_decimal_as_the_very_number(value):
    read = yaml.safe_load(decimal(value))
    assert (type(read), read) == (float, value)
