"""SG606: backbones that cannot be built without a download."""

import pytest

from compress.doctor.diagnose import diagnose
from compress.doctor.rule import subject_of
from compress.doctor.rules.sg606_needs_pretrained import RULE, SIGN
from tests.compress.doctor.rules import PTQ, failure, findings

FRAME = 'File "/x/ppdet/modeling/backbones/swin_transformer.py", line 9, in __init__\n'
DOWNLOAD = "RuntimeError: Download from https://h/w.pdparams failed. Retry limit reached"


@pytest.mark.parametrize(
    "facts",
    [
        failure("export", DOWNLOAD, log=FRAME),
        failure("export", "the worker ended with exit code 1", log=f"TypeError: stat: {SIGN}\n"),
    ],
)
def test_weights_that_a_model_fetches_or_opens_itself_are_the_only_finding(facts):
    found = diagnose(subject_of(PTQ, {"failure": facts}))
    message = "the suite cannot build this backbone without its pretrained weights"
    assert [(finding.code, finding.message) for finding in found] == [("SG606", message)]


@pytest.mark.parametrize(
    "facts", [failure("compress", DOWNLOAD), failure("export", "Download from a b failed")]
)
def test_other_stages_and_messages_pass(facts):
    assert findings(RULE, PTQ, failure=facts) == []
