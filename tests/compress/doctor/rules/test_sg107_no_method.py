"""SG107: recipes that name no compression method."""

import pytest

from compress.doctor.rules.sg107_no_method import RULE
from compress.recipes.act import METHOD_SECTIONS
from tests.compress.doctor.rules import findings


@pytest.mark.parametrize("text", ["", "TrainConfig:\n  epochs: 1\n", "Global:\n  x: 1\n"])
def test_the_message_lists_the_sections_of_methods(text):
    (finding,) = findings(RULE, text)
    assert finding.line is None
    assert finding.message.endswith("name one of " + ", ".join(METHOD_SECTIONS))


@pytest.mark.parametrize("section", METHOD_SECTIONS)
def test_any_method_will_do(section):
    assert findings(RULE, f"{section}:\n") == []


def test_an_unknown_section_is_left_to_sg101():
    assert findings(RULE, "QuantAwares:\n  weight_bits: 8\n") == []
