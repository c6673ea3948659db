"""``/rebench status``: everybody may ask what runs and what the check says."""

import pytest

from bot.events.comments import status
from bot.events.comments.status import Status
from bot.github.values import Check
from core.errors import InputError
from tests.bot.events.builders import FAILED, HEAD, NAMES, QUEUED, make_facts

OPEN = Check(1, HEAD, None, "Measuring 2 cases on cpu", "", "run-42", 0)
OPEN_STATE = "in progress, Measuring 2 cases on cpu"


@pytest.mark.parametrize(
    ("runs", "check", "text"),
    [
        ([], None, "nothing is running; aaaaaaaaaaaa has no check yet"),
        ([QUEUED], None, "queued: https://x/3; aaaaaaaaaaaa has no check yet"),
        (
            [QUEUED, QUEUED],
            OPEN,
            "queued: https://x/3, queued: https://x/3; the check on aaaaaaaaaaaa: " + OPEN_STATE,
        ),
        (
            [],
            FAILED,
            "nothing is running; the check on aaaaaaaaaaaa: failure, Accuracy regressed",
        ),
    ],
)
def test_runs_and_check_are_reported(runs, check, text):
    outcome = status.carry_out(Status(), make_facts("none", runs=runs, check=check))
    assert (outcome.text, outcome.request, outcome.actions) == (text, None, ())


def test_a_word_after_status_is_refused():
    assert status.parse([], NAMES) == Status()
    with pytest.raises(InputError, match="unexpected 'now'"):
        status.parse(["now"], NAMES)
