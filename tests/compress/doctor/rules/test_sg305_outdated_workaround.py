"""SG305: passes deleted for an older Paddle."""

import pytest

from compress.doctor.rules.sg305_outdated_workaround import RULE
from tests.compress.doctor.rules import QAT, findings, messages

PASSES = ("fc_mkldnn_pass", "other_pass", "fc_act_mkldnn_fuse_pass")


def test_the_deleted_passes_are_listed():
    ((_, message),) = messages(
        RULE, QAT, target={"name": "cpu-onednn-fp32", "delete_passes": PASSES}
    )
    assert message.startswith("deleting fc_act_mkldnn_fuse_pass, fc_mkldnn_pass helped")


@pytest.mark.parametrize(
    ("name", "passes"), [("cpu-onednn-int8", ("other_pass",)), ("cpu-native-fp32", PASSES)]
)
def test_other_passes_and_engines_pass(name, passes):
    assert findings(RULE, QAT, target={"name": name, "delete_passes": passes}) == []
