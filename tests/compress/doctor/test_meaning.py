"""Recipes as they were meant: names, numbers and places."""

import pytest

from compress.doctor.meaning import LARGE, read_as_meant
from compress.doctor.text import Slip, parse_text

OLD = "Quantization:\n  weight_bit: 4\nTrainConfig:\n  train_iter: 2e3\n  learning_rate: None\n"


def meant(text):
    return read_as_meant(parse_text(text, "r"))


def test_names_and_numbers_are_put_right_and_listed():
    recipe = meant(OLD)
    assert recipe.data == {
        "QuantAware": {"weight_bits": 4},
        "TrainConfig": {"train_iter": 2000, "learning_rate": None},
    }
    assert recipe.slips == (
        Slip(("QuantAware",), "Quantization", "QuantAware", "section"),
        Slip(("QuantAware", "weight_bits"), "weight_bit", "weight_bits", "key"),
        Slip(("TrainConfig", "train_iter"), "2e3", 2000, "number"),
        Slip(("TrainConfig", "learning_rate"), "None", None, "null"),
    )
    assert recipe.as_written.data["Quantization"] == {"weight_bit": 4}


def test_places_are_those_of_the_text_under_either_name():
    recipe = meant(OLD)
    where = ("QuantAware", "weight_bits")
    span = recipe.value_span(where)
    assert (OLD[span.start : span.end], span.line) == ("4", 2)
    assert recipe.spelling((*where, "x")) == ("Quantization", "weight_bit", "x")
    assert recipe.rename(where, "weight_bits").text == "weight_bits"


def test_reading_it_again_changes_nothing():
    recipe = meant(OLD)
    assert read_as_meant(recipe) is recipe
    assert meant("QuantAware:\n  weight_bits: 8\n").slips == ()


@pytest.mark.parametrize(
    "text",
    [
        "QuantAwares: {}\nQuantAwarez: {}\n",
        "QuantAwares: {}\nQuantAware: {}\n",
        "QuantAwares: {}\nQuantAwares: {}\n",
        "QuantPost:\n  algoo: KL\n  algoo: avg\n",
        "QuantPost:\n  algoo: KL\n  algo: avg\n",
    ],
)
def test_a_name_that_would_be_there_twice_is_left(text):
    recipe = meant(text)
    assert recipe.slips == ()
    assert recipe.data == recipe.as_written.data


def test_classes_and_nested_tables_are_read_as_meant():
    text = (
        "TrainConfig:\n  learning_rate: {type: PiecewiseDecays, bounderies: [5], values: [1e-1]}\n"
        "  optimizer_builder: {optimiser: {type: Sgd}}\n"
    )
    assert meant(text).data["TrainConfig"] == {
        "learning_rate": {"type": "PiecewiseDecay", "boundaries": [5], "values": [0.1]},
        "optimizer_builder": {"optimizer": {"type": "SGD"}},
    }


def test_merged_mappings_are_read_with_their_places():
    text = "base: &b {weight_bit: 4}\nQuantAware:\n  <<: *b\n  use_pact: true\n"
    recipe = meant(text)
    assert recipe.data["QuantAware"] == {"weight_bits": 4, "use_pact": True}
    assert recipe.key_span(("QuantAware", "weight_bits")).line == 1
    assert recipe.key_span(("QuantAware", "use_pact")).line == 4


def test_a_table_with_very_many_keys_is_read_as_written():
    lines = "".join(f"  x{number}: 1\n" for number in range(LARGE))
    assert meant(f"QuantPost:\n  algoo: KL\n{lines}").slips == ()


@pytest.mark.parametrize("text", ["Global:\n  learning_rate: 1e-4\n", "Other:\n  x: None\n"])
def test_what_scripts_read_is_left_to_them(text):
    assert meant(text).slips == ()
