"""SG104: numbers in scientific notation, which YAML 1.1 reads as text."""

import pytest

from compress.doctor.rules.sg104_number_as_text import RULE
from tests.compress.doctor.rules import corrected, findings, messages


def test_a_number_in_a_nested_list_is_corrected_where_it_stands():
    text = "TrainConfig:\n  learning_rate:\n    values: [0.1, 1e-3]  # two\n"
    assert messages(RULE, text) == [(3, "YAML reads 1e-3 as text, not as a number; write 0.001")]
    assert corrected(RULE, text) == text.replace("1e-3", "0.001")


@pytest.mark.parametrize(
    ("key", "written", "number"),
    [
        ("train_iter", "2e3", "2000"),
        ("eval_iter", "5E2", "500"),
        ("epochs", "1.5e1", "15"),
        ("logging_iter", "'1e1'", "10"),
        ("learning_rate", "2e3", "2000.0"),
        ("learning_rate", "+1e-4", "0.0001"),
        ("target_metric", ".5e0", "0.5"),
    ],
)
def test_the_number_has_the_form_that_the_key_takes(key, written, number):
    text = f"TrainConfig:\n  {key}: {written}  # x\n"
    assert corrected(RULE, text) == f"TrainConfig:\n  {key}: {number}  # x\n"


@pytest.mark.parametrize("value", ["1.5e0", "1e400", "1e99", "１e3", "1_0e3", "1e", "e3"])
def test_text_that_is_no_number_of_the_key_is_left_to_the_schema(value):
    assert findings(RULE, f"TrainConfig:\n  train_iter: {value}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "Distillation:\n  node: [1e5, 2e7]\n",
        "Distillation:\n  teacher_model_dir: 1e5\n",
        "ASPPrune:\n  prune_params_name: [1e5]\n",
        "Global:\n  model_dir: 1e5\n",
        "Hardware:\n  power: 1e5\n",
    ],
)
def test_text_stays_text_where_text_is_asked_for(text):
    assert findings(RULE, text) == []


@pytest.mark.parametrize("value", ["1.0e-4", "0.001", "hist", "e", "None", "conv2d"])
def test_numbers_and_words_pass(value):
    assert findings(RULE, f"TrainConfig:\n  learning_rate: {value}\n") == []


def test_the_value_of_an_anchor_is_corrected_once_and_the_anchor_stays():
    text = (
        "TrainConfig:\n  learning_rate: &rate 1e-4\n  optimizer_builder:\n"
        "    optimizer: {type: SGD}\n    weight_decay: *rate\n"
    )
    assert [line for line, _ in messages(RULE, text)] == [2, 5]
    assert corrected(RULE, text) == text.replace("1e-4", "0.0001")
