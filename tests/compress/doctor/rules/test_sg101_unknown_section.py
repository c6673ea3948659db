"""SG101: sections that ACT would ignore."""

import pytest

from compress.doctor.rules.sg101_unknown_section import RULE
from tests.compress.doctor.rules import corrected, findings, messages


def test_a_renamed_section_is_corrected_in_its_place():
    text = "# old\nQuantization:  # of PaddleSlim 2.3\n  weight_bits: 8\n"
    assert messages(RULE, text) == [
        (2, "ACT does not know the section 'Quantization' and ignores it; did you mean QuantAware?")
    ]
    assert corrected(RULE, text) == text.replace("Quantization:", "QuantAware:")


def test_a_section_with_two_meanings_is_left_to_the_author():
    (finding,) = findings(RULE, "Prune:\n  pruned_ratio: 0.5\n")
    assert finding.message.endswith("did you mean ChannelPrune or TransformerPrune?")
    assert finding.edits == ()


def test_no_section_is_renamed_to_one_that_the_recipe_has():
    (finding,) = findings(RULE, "QuantAware:\n  weight_bits: 8\nQuantAwares:\n  weight_bits: 8\n")
    assert (finding.key, finding.edits) == ("QuantAwares", ())


@pytest.mark.parametrize("section", ["PTQ", "QAT", "Distill"])
def test_sections_of_other_scripts_beside_a_method_are_theirs(section):
    """PaddleSlim's examples of full quantisation read ``PTQ`` from the file that ACT reads."""
    assert len(findings(RULE, f"{section}:\n  key: 1\n")) == 1
    assert findings(RULE, f"{section}:\n  key: 1\nQuantAware:\n  weight_bits: 8\n") == []


@pytest.mark.parametrize("section", ["Hardware", "Global", "QuantPost", "TaskLoss"])
def test_known_sections_and_those_of_the_suites_scripts_pass(section):
    assert findings(RULE, f"{section}:\n  key: 1\n") == []
