"""Names that certainly mean another one, and those that are only like another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compress.recipes.act import SECTIONS
from compress.recipes.op_types import QUANTISABLE_OP_TYPES
from compress.recipes.paddle_classes import OPTIMIZERS, SCHEDULES
from compress.recipes.slips import (
    certain_class,
    certain_key,
    certain_section,
    distance,
    fields_at,
    meant_sections,
    slip_of,
)
from compress.recipes.successors import KEYS, OP_TYPES, WORDS


@pytest.mark.parametrize(
    ("name", "sections"),
    [
        ("Quantization", ("QuantAware",)),
        ("Prune", ("ChannelPrune", "TransformerPrune")),
        ("quantaware", ("QuantAware",)),
        ("Distilation", ("Distillation",)),
        ("HyperParameterOptimisation", ("HyperParameterOptimization",)),
        ("PTQ", ("QuantPost",)),
        ("Quant", ("QuantAware", "QuantPost")),
        ("Distil", ("Distillation",)),
        ("QuantPost", ()),
        ("Hardware", ()),
        ("", ()),
    ],
)
def test_a_mistyped_or_renamed_section_is_recognised(name, sections):
    assert meant_sections(name) == sections


@pytest.mark.parametrize(
    ("name", "content", "siblings", "meant"),
    [
        ("Quantization", {}, (), "QuantAware"),
        ("Quantization", {}, ("HyperParameterOptimization",), "QuantPost"),
        ("Quantization", {}, ("QuantAware",), None),
        ("Prune", {"prune_algo": "prune"}, (), "ChannelPrune"),
        ("Prune", {"prune_algo": "asp"}, (), "ASPPrune"),
        ("Prune", {"prune_algo": "transformer_pruner"}, (), "TransformerPrune"),
        ("Prune", {"pruned_ratio": 0.5}, (), None),
        ("QuantAwares", None, (), "QuantAware"),
        ("QuantAwares", [1], (), None),
        ("PTQ", {}, (), None),
        ("Quant", {}, (), None),
        ("Distil", {}, (), None),
        ("QuantAware", {}, (), None),
    ],
)
def test_a_section_is_certain_by_the_table_or_by_two_letters(name, content, siblings, meant):
    assert certain_section(name, content, siblings) == meant


@pytest.mark.parametrize(
    ("table", "key", "value", "meant"),
    [
        (("UnstructurePrune",), "pruned_ratio", 0.75, "ratio"),
        (("UnstructurePrune",), "pruned_ratio", "much", None),
        (("UnstructurePrune",), "ratios", 0.75, "ratio"),
        (("UnstructurePrune",), "ratio", 0.75, None),
        (("UnstructurePrune", "gmp_config"), "tuning_iterations", 5, "tunning_iterations"),
        (("TrainConfig",), "optimizer", "SGD", None),
        (("TrainConfig",), "epoch", 3, "epochs"),
        (("TrainConfig",), "epoch", "three", None),
        (("TrainConfig",), "epoch", -3, "epochs"),
        (("TrainConfig", "optimizer_builder"), "weigth_decay", 0.1, "weight_decay"),
        (("TrainConfig", "learning_rate"), "T_mx", 5, "T_max"),
        (("QuantAware",), "weight-bits", 8, "weight_bits"),
        (("QuantPost",), "l", 8, None),
        (("Global",), "model_dirs", "x", None),
        (("Hardware",), "x", 1, None),
    ],
)
def test_a_key_is_certain_where_its_value_fits(table, key, value, meant):
    assert certain_key(table, key, value, (key,)) == meant


def test_no_key_is_certain_beside_the_key_that_it_would_be():
    assert certain_key(("QuantPost",), "algoo", "avg", ("algo", "algoo")) is None


@pytest.mark.parametrize(
    ("name", "classes", "meant"),
    [
        ("Sgd", OPTIMIZERS, "SGD"),
        ("Momentun", OPTIMIZERS, "Momentum"),
        ("NAdam", OPTIMIZERS, None),
        ("ASGD", OPTIMIZERS, None),
        ("Adamw", OPTIMIZERS, "AdamW"),
        ("AdamV", OPTIMIZERS, None),
        ("Adam", OPTIMIZERS, None),
        ("PiecewiseDecays", SCHEDULES, "PiecewiseDecay"),
        ("StepLR", SCHEDULES, None),
    ],
)
def test_a_class_is_certain_unless_another_one_has_that_name(name, classes, meant):
    assert certain_class(name, classes) == meant


def test_another_digit_is_another_name():
    assert slip_of("beta3", ("beta1", "epsilon")) is None
    assert slip_of("bata1", ("beta1", "epsilon")) == "beta1"


@given(st.text("abcd", max_size=7), st.text("abcd", max_size=7))
def test_the_distance_is_symmetric_and_zero_for_the_same_word_only(one, other):
    apart = distance(one, other, 9)
    assert apart == distance(other, one, 9)
    assert (apart == 0) == (one == other)
    assert abs(len(one) - len(other)) <= apart <= max(len(one), len(other))


def test_letters_that_changed_places_are_one_slip():
    assert distance("weigth", "weight", 2) == 1
    assert distance("abcdef", "xyzdef", 2) == 3


def test_the_tables_lead_to_keys_and_words_of_today():
    for (*table, old), new in KEYS.items():
        fields = fields_at(tuple(table))
        assert new in fields
        assert old not in fields
    assert {section for section, _ in WORDS} <= SECTIONS.keys()
    assert set(OP_TYPES.values()) <= QUANTISABLE_OP_TYPES
    assert not OP_TYPES.keys() & QUANTISABLE_OP_TYPES
