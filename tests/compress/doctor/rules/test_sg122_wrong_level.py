"""SG122: keys and sections at the wrong level."""

import pytest

from compress.doctor.rule import subject_of
from compress.doctor.rules.sg122_wrong_level import RULE, misplaced
from tests.compress.doctor.rules import findings, messages


def test_keys_beside_their_section_are_named_together():
    text = "QuantAware:\nuse_pact: true\nweight_bits: 8\nDistillation:\n  loss: l2\n"
    message = (
        "use_pact, weight_bits stand beside QuantAware, not below it; indent them; ACT takes its "
        "defaults"
    )
    assert messages(RULE, text) == [(2, message)]


def test_one_key_that_lost_its_indentation_is_found_in_a_section_with_others():
    text = "QuantAware:\n  use_pact: true\nweight_bits: 8\n"
    assert [finding.key for finding in findings(RULE, text)] == ["weight_bits"]


@pytest.mark.parametrize(
    "text",
    [
        "batch_size: 4\nQuantPost:\n  batch_nums: 8\n",  # above every section
        "QuantAware:\n  use_pact: true\nbatch_size: 4\n",  # a key of another section
        "Global:\nbatch_size: 4\n",
        "QuantAware:\n  use_pact: true\nHardware: cpu\n",
    ],
)
def test_other_keys_at_the_top_level_are_those_of_scripts(text):
    assert findings(RULE, text) == []


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (
            "\u00a0\u00a0weight_bits",
            "weight_bits follows a space of another kind (U+00A0), which is",
        ),
        ("\u3000use_pact", "use_pact follows a space of another kind (U+3000), which is no"),
        (
            "Distillation\u00a0",
            "Distillation is followed by a space of another kind, which is part",
        ),
    ],
)
def test_spaces_that_are_no_indentation_are_named(key, message):
    ((line, text),) = messages(RULE, f"QuantAware:\n{key}: 8\nother\u00a0: 1\n")
    assert line == 2
    assert text.startswith(message)


@pytest.mark.parametrize("section", ["Global", "TrainConfig", "Hardware"])
def test_sections_below_another_are_found(section):
    text = f"{section}:\n  QuantPost:\n    batch_nums: 8\n"
    ((line, message),) = messages(RULE, text)
    assert (line, message) == (
        2,
        f"QuantPost below {section}: ACT reads sections at the top level only; unindent",
    )


@pytest.mark.parametrize(
    ("section", "table", "key"),
    [
        ("UnstructurePrune", "gmp_config", "pruning_steps"),
        ("TrainConfig", "learning_rate", "T_max"),
        ("TrainConfig", "optimizer_builder", "optimizer"),
    ],
)
def test_keys_beside_a_nested_table_are_found(section, table, key):
    text = f"{section}:\n  {table}:\n  {key}: 5\n"
    message = f"{key} stands beside {section}.{table}, not below it; indent it"
    assert messages(RULE, text) == [(3, message)]


def test_without_the_table_the_key_is_unknown_and_not_misplaced():
    subject = subject_of("TrainConfig:\n  learning_rate: 0.1\n  T_max: 5\n", {})
    assert misplaced(subject, "TrainConfig", "learning_rate") == []
    assert misplaced(subject, "TrainConfig", "optimizer_builder") == []
