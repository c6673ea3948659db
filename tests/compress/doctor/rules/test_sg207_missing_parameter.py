"""SG207: parameters to prune that the export does not have."""

import pytest

from compress.doctor.rules.sg207_missing_parameter import RULE
from tests.compress.doctor.rules import GRAPH, corrected, findings, messages

EXPORT = {**GRAPH, "variables": ("conv2d_1.w_0", "linear_0.w_0")}


def test_a_near_name_is_proposed_and_never_put_in():
    text = "ASPPrune:\n  prune_params_name:\n  - conv2d_1.w_0\n  - conv2d_2.w_0  # gone\n"
    message = "'conv2d_2.w_0' is not in this export; did you mean conv2d_1.w_0?"
    assert messages(RULE, text, graph=EXPORT) == [(4, message)]
    assert corrected(RULE, text, graph=EXPORT) is None


def test_a_name_like_no_other_is_reported_without_an_edit():
    (finding,) = findings(RULE, "ChannelPrune:\n  prune_params_name: [zz]\n", graph=EXPORT)
    assert (finding.message, finding.edits) == ("'zz' is not in this export", ())


@pytest.mark.parametrize("value", ["[linear_0.w_0]", "[]", "null", "zz"])
def test_names_of_the_export_pass(value):
    assert findings(RULE, f"ChannelPrune:\n  prune_params_name: {value}\n", graph=EXPORT) == []
