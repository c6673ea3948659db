"""SG110: skip lists that ACT does not pass on."""

import pytest

from compress.doctor.rules.sg110_skip_list_ignored import RULE
from tests.compress.doctor.rules import PTQ, findings


@pytest.mark.parametrize("level", ["", "  recon_level: null\n", "  recon_level: None\n"])
def test_a_list_without_reconstruction_is_ignored(level):
    (finding,) = findings(RULE, f"{PTQ}{level}  skip_tensor_list: [a]\n")
    assert finding.key == "QuantPost.skip_tensor_list"
    assert finding.line == 3 + bool(level)


@pytest.mark.parametrize("value", ["[]", "null", "None"])
def test_an_empty_list_passes(value):
    assert findings(RULE, f"{PTQ}  skip_tensor_list: {value}\n") == []
