"""SG105: ``None``, which YAML reads as text."""

import pytest

from compress.doctor.rules.sg105_none_as_text import RULE
from tests.compress.doctor.rules import corrected, findings, messages


def test_none_becomes_null_wherever_it_stands():
    text = "QuantPost:\n  skip_tensor_list: None  # all\n  regions: [None, a]\n"
    problem = "YAML reads None as the text 'None', not as null; write null"
    assert messages(RULE, text) == [(2, problem), (3, problem)]
    assert corrected(RULE, text) == text.replace("None", "null")


@pytest.mark.parametrize(
    "text",
    [
        "Global:\n  model_dir: None\n",
        "Distillation:\n  teacher_params_filename: None\n",
        "QuantPost:\n  recon_level: null\n",
        "QuantPost:\n  recon_level: none\n",
    ],
)
def test_what_paddleslim_or_a_suite_reads_as_null_passes(text):
    assert findings(RULE, text) == []
