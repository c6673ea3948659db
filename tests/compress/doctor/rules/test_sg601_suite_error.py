"""SG601: errors in the suite's own code."""

import pytest

from compress.doctor.facts import FailureFacts
from compress.doctor.rules.sg601_suite_error import RULE, suite_frame
from tests.compress.doctor.rules import PTQ, failure, findings, messages

FRAMES = 'File "/x/ppdet/engine/export_utils.py", line 9, in _dump_infer_config\nSystemExit: 0\n'
REFUSAL = "[11/21 17:36:02] ppdet.engine ERROR: Architecture: QueryInst is not supported.\n"
OURS = 'File "/x/compress/suites/paddleseg/in_worker/driver.py", line 72, in _save\n'
MODEL = 'File "/x/paddleseg/models/a.py", line 7, in forward\n'
PLACE = "paddleseg/models/a.py:7 (forward)"
PADDLE = 'File "/x/paddle/nn/layer.py", line 1, in __call__\n'


@pytest.mark.parametrize(
    ("message", "frames", "place"),
    [
        (
            "SystemExit: the code ended its process with 0",
            FRAMES,
            " in ppdet/engine/export_utils.py:9 (_dump_infer_config)",
        ),
        ("the worker ended with exit code 0", "", ""),  # os._exit
    ],
)
def test_a_suite_that_gives_up_is_quoted(message, frames, place):
    facts = failure("export", message, log=REFUSAL + frames)
    said = f"the suite gives up{place}: Architecture: QueryInst is not supported."
    assert messages(RULE, PTQ, failure=facts) == [(None, said)]


def test_the_last_frame_of_the_suite_and_the_last_error_are_named():
    log = f"{FRAMES}{MODEL}{PADDLE}ValueError: first\nTypeError: second\n"
    said = "the suite's own code fails in paddleseg/models/a.py:7 (forward): TypeError: second"
    assert messages(RULE, PTQ, failure=failure("export", "TypeError", log=log)) == [(None, said)]


@pytest.mark.parametrize(
    ("message", "log", "said"),
    [
        ("SystemExit: 0", "ERROR: {}\n", "the suite gives up: {}"),
        ("x", f"{MODEL}Error: {{}}\n", f"the suite's own code fails in {PLACE}: Error: {{}}"),
    ],
)
def test_long_reasons_are_cut_after_200_characters(message, log, said):
    facts = failure("export", message, log=log.format("y" * 300))
    ((_, text),) = messages(RULE, PTQ, failure=facts)
    kept = 200 - len("Error: ") * ("Error" in said)
    assert text == said.format("y" * kept)


def test_a_frame_in_the_message_counts_where_the_log_has_none():
    facts = FailureFacts("export", "error", MODEL)
    assert suite_frame(facts) == "paddleseg/models/a.py:7 (forward)"


@pytest.mark.parametrize(
    "facts",
    [
        failure("export", "TypeError", log=OURS),
        failure("export", "TypeError", log=PADDLE),
        failure("compress", "TypeError", log=MODEL),
        failure("export", "killed", kind="timeout", log=MODEL),
        failure("export", "MemoryError: std::bad_alloc", log=MODEL),  # SG603
        failure("export", "ModuleNotFoundError: No module named 'x'", log=MODEL),  # SG605
        failure("export", "KeyError: 'img_whwh'", log=MODEL),  # SG607
    ],
)
def test_other_code_other_stages_and_other_rules_causes_are_left_alone(facts):
    assert findings(RULE, PTQ, failure=facts) == []
