"""SG607: inputs that an export does not have."""

import pytest

from compress.doctor.rules.sg607_unfed_input import RULE
from tests.compress.doctor.rules import PTQ, failure, findings, messages


@pytest.mark.parametrize("quote", ["'", '"'])
def test_an_input_that_the_code_reads_is_named(quote):
    log = f"boxes = self.inputs[{quote}gt_bbox{quote}]\n"
    message = "the model reads the input 'gt_bbox', which the suite's export lacks"
    facts = failure("export", "KeyError: 'gt_bbox'", log=log)
    assert messages(RULE, PTQ, failure=facts) == [(None, message)]


@pytest.mark.parametrize(
    "facts",
    [
        failure("export", "KeyError: 'x'", log="self.inputs['y']"),
        failure("export", "KeyError: 'x'", log="config['x']"),
        failure("compress", "KeyError: 'x'", log="self.inputs['x']"),
    ],
)
def test_keys_of_anything_else_pass(facts):
    assert findings(RULE, PTQ, failure=facts) == []
