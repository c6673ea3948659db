"""SG125: ratios and names of a channel prune that do not line up."""

import pytest

from compress.doctor.rules.sg125_prune_lists import RULE
from tests.compress.doctor.rules import findings, messages


def prune(ratios, names):
    return f"ChannelPrune:\n  pruned_ratio: {ratios}\n  prune_params_name: {names}\n"


@pytest.mark.parametrize(
    ("ratios", "names", "line", "message"),
    [
        (
            "[0.1]",
            "[a, b]",
            2,
            "pruned_ratio has 1 values for 2 names in prune_params_name: there ",
        ),
        ("[0.1, 0.2]", "[a]", 2, "pruned_ratio has 2 values for 1 names in prune_params_name: "),
        ("[0.1, 0.2]", "null", 2, "a list of ratios needs prune_params_name, one name for each"),
        ("0.1", "[a, a]", 3, "prune_params_name has a name twice: ACT takes it once"),
    ],
)
def test_lists_that_do_not_line_up_are_found(ratios, names, line, message):
    ((found, said),) = messages(RULE, prune(ratios, names))
    assert found == line
    assert said.startswith(message)


@pytest.mark.parametrize(
    ("ratios", "names"),
    [("[0.1, 0.2]", "[a, b]"), ("0.1", "[a, b]"), ("0.1", "null"), ("[1]", "a")],
)
def test_lists_that_line_up_and_other_values_pass(ratios, names):
    assert findings(RULE, prune(ratios, names)) == []
