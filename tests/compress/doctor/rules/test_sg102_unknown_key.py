"""SG102: keys that a section's constructor would refuse."""

import pytest

from compress.doctor.rules.sg102_unknown_key import RENAMED, RULE
from tests.compress.doctor.rules import corrected, findings, messages


def test_a_mistyped_key_is_corrected():
    text = "QuantPost:\n  batch_size: 4\n  algoo: avg\n"
    assert messages(RULE, text) == [(3, "QuantPost has no key 'algoo'; did you mean algo?")]
    assert corrected(RULE, text) == text.replace("algoo", "algo")


@pytest.mark.parametrize(("place", "key"), RENAMED.items())
def test_the_other_section_s_spelling_is_corrected(place, key):
    section, spelling = place
    text = f"{section}:\n  {spelling}: true\n"
    assert corrected(RULE, text) == f"{section}:\n  {key}: true\n"


def test_a_key_like_no_other_gets_the_valid_ones():
    (finding,) = findings(RULE, "TaskLoss:\n  zzz: 1\n")
    assert finding.message == "TaskLoss has no key 'zzz'; valid keys are loss, ignore_index"
    assert finding.edits == ()


def test_no_key_is_renamed_to_one_that_the_section_has():
    (finding,) = findings(RULE, "QuantPost:\n  batch_nums: 1\n  batch_num: 2\n")
    assert (finding.key, finding.edits) == ("QuantPost.batch_num", ())


def test_keys_of_global_are_those_of_the_suites_scripts():
    assert findings(RULE, "Global:\n  anything: 1\n") == []
