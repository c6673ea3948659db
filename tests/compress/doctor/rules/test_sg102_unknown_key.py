"""SG102: keys that a section's constructor would refuse."""

import pytest

from compress.doctor.rules.sg102_unknown_key import HINTS, RULE
from compress.recipes.successors import GONE, KEYS
from tests.compress.doctor.rules import corrected, findings, messages


def test_a_mistyped_key_is_corrected():
    text = "QuantPost:\n  batch_size: 4\n  algoo: avg\n"
    assert messages(RULE, text) == [(3, "QuantPost has no key 'algoo'; did you mean algo?")]
    assert corrected(RULE, text) == text.replace("algoo", "algo")


VALUES = {
    "loss": "l2",
    "node": "[a]",
    "alpha": "1.0",
    "ratio": "0.5",
    "tunning_iterations": "5",
    "quantize_op_types": "[conv2d]",
    "bias_correction": "true",
    "algo": "avg",
    "batch_nums": "10",
    "bias_correct": "[true, false]",
    "ptq_algo": "[avg, KL]",
    "batch_num": "[10, 30]",
    "max_quant_count": "20",
}
"""A value of the right type for each of today's keys."""
SEVERAL = {"loss": "[l2]", "node": "[[a]]", "alpha": "[1.0]"}


@pytest.mark.parametrize(("place", "key"), KEYS.items())
def test_an_earlier_name_is_corrected_where_it_stands(place, key):
    *tables, name = place
    values = SEVERAL if tables[0].startswith("Multi") else VALUES
    lines = [f"{'  ' * depth}{table}:" for depth, table in enumerate(tables)]
    text = "\n".join([*lines, f"{'  ' * len(tables)}{name}: {values.get(key, VALUES[key])}  # x\n"])
    assert corrected(RULE, text) == text.replace(f"{name}:", f"{key}:")


@pytest.mark.parametrize(
    "line",
    [
        "bias_correct: [true, false]",  # a list where QuantPost takes one value
        "ptq_algo: KLD",
        "batch_num: many",
        "skip_tensors: 0.5",
    ],
)
def test_no_key_is_renamed_whose_value_does_not_fit(line):
    (finding,) = findings(RULE, f"QuantPost:\n  {line}\n")
    assert (finding.line, finding.edits) == (2, ())


@pytest.mark.parametrize(("place", "advice"), GONE.items())
def test_a_key_without_a_successor_is_explained(place, advice):
    section, key = place
    (finding,) = findings(RULE, f"{section}:\n  {key}: 1\n")
    assert finding.message == f"{section} has no key {key!r}: {advice}"
    assert finding.edits == ()


@pytest.mark.parametrize(
    ("section", "key"),
    [
        ("UnstructurePrune", "prune_iter"),
        ("TrainConfig", "optimizers"),
        ("QuantPost", "lt"),
        ("QuantAware", "weight_quantize"),
    ],
)
def test_likeness_alone_renames_nothing(section, key):
    assert findings(RULE, f"{section}:\n  {key}: x\n")[0].edits == ()


def test_a_key_of_another_section_is_named_as_such():
    (finding,) = findings(RULE, "QuantAware:\n  batch_size: 4\n")
    assert finding.message == "QuantAware has no key 'batch_size'; it is a key of QuantPost"


def test_keys_of_the_nested_table_are_checked():
    text = "UnstructurePrune:\n  prune_strategy: gmp\n  gmp_config:\n    stable_iteration: 0\n"
    message = "UnstructurePrune.gmp_config has no key 'stable_iteration'; did you mean "
    assert messages(RULE, text) == [(4, f"{message}stable_iterations?")]
    assert corrected(RULE, text) == text.replace("iteration:", "iterations:")


def test_a_key_like_no_other_gets_the_valid_ones():
    (finding,) = findings(RULE, "TaskLoss:\n  zzz: 1\n")
    assert finding.message == "TaskLoss has no key 'zzz'; valid keys are loss, ignore_index"
    assert finding.edits == ()


def test_no_key_is_renamed_to_one_that_the_section_has():
    (finding,) = findings(RULE, "QuantPost:\n  batch_nums: 1\n  batch_num: 2\n")
    assert (finding.key, finding.edits) == ("QuantPost.batch_num", ())


def test_two_keys_that_mean_the_same_are_left_to_the_author():
    text = "UnstructurePrune:\n  prune_ratio: 0.5\n  pruned_ratio: 0.6\n"
    assert [finding.edits for finding in findings(RULE, text)] == [(), ()]


def test_a_table_of_very_many_unknown_keys_is_compared_in_part():
    lines = "".join(f"  algo{number}: x\n" for number in range(HINTS + 60))
    found = findings(RULE, f"QuantPost:\n{lines}")
    assert found[HINTS - 1].message.endswith("did you mean algo?")
    assert found[-1].message == f"QuantPost has no key 'algo{HINTS + 59}'"


def test_keys_of_global_are_those_of_the_suites_scripts():
    assert findings(RULE, "Global:\n  anything: 1\n") == []
