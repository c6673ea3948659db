"""``/rebench cancel``: stops what runs for the pull request, for people who may write."""

import pytest

from bot.events.comments import cancel
from bot.events.comments.cancel import Cancel
from bot.github.actions import CancelRun
from core.errors import InputError
from tests.bot.events.builders import NAMES, QUEUED, make_facts


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "nothing is running"), (1, "stopping 1 run"), (2, "stopping 2 runs")],
)
def test_every_active_run_is_stopped(count, text):
    outcome = cancel.carry_out(Cancel(), make_facts(runs=[QUEUED] * count))
    assert (outcome.text, outcome.actions) == (text, (CancelRun(3),) * count)
    assert outcome.request is None


def test_readers_cannot_cancel():
    with pytest.raises(InputError) as caught:
        cancel.carry_out(Cancel(), make_facts("triage", runs=[QUEUED]))
    assert "the role of ann is 'triage'" in caught.value.message
    assert caught.value.hint == "ask a maintainer of this repository"


def test_a_word_after_cancel_is_refused():
    assert cancel.parse([], NAMES) == Cancel()
    with pytest.raises(InputError, match="unexpected 'now'") as caught:
        cancel.parse(["now"], NAMES)
    assert caught.value.hint == "write /rebench cancel"
