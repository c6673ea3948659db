"""SG118: keys that occur twice."""

from compress.doctor.rules.sg118_duplicate_key import RULE
from tests.compress.doctor.rules import findings, messages


def test_the_last_one_is_found_and_the_first_one_named():
    text = "QuantPost:\n  algo: avg\n  algo: KL\n  algo: hist\n"
    message = "'algo' occurs twice; the first one, in line 2, is ignored"
    assert messages(RULE, text) == [(4, message)]


def test_a_section_may_be_the_one_that_occurs_twice():
    text = "QuantPost:\n  algo: avg\nQuantPost:\n  algo: KL\n"
    assert messages(RULE, text) == [
        (3, "'QuantPost' occurs twice; the first one, in line 1, is ignored")
    ]


def test_deeper_mappings_are_searched():
    (finding,) = findings(RULE, "TrainConfig:\n  optimizer_builder:\n    a: 1\n    a: 2\n")
    assert (finding.key, finding.line) == ("TrainConfig.optimizer_builder.a", 4)


def test_one_key_in_two_mappings_passes():
    assert findings(RULE, "QuantAware:\n  weight_bits: 8\nQuantPost:\n  weight_bits: 8\n") == []
