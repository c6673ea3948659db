"""The merge queue on the emulated GitHub: verdicts taken over, and runs for all other groups."""

import pytest

from bot.events.gatekeeper import answer_event
from bot.events.limits import AuthorLimits
from bot.events.steps import Circumstances
from bot.github.actions import CreateCheck
from bot.github.events import MergeGroupEvent
from bot.github.values import CheckText
from tests.bot.events.builders import NAMES, NOW

CIRCUMSTANCES = Circumstances(NAMES, "d" * 40, 5, NOW, AuthorLimits(2, 4))


def group_event(world, head, action="checks_requested"):
    """The queue wants checks of the branch ``head``, which adds pull request 1 to main."""
    group = {
        "head_sha": world.commits[head],
        "head_ref": f"refs/heads/gh-readonly-queue/main/pr-1-{world.commits['main']}",
        "base_sha": world.commits["main"],
        "base_ref": "refs/heads/main",
    }
    return MergeGroupEvent.model_validate({"action": action, "merge_group": group})


@pytest.fixture
def measured(world):
    """A world whose pull request passed."""
    text = CheckText("success", "Within limits", "numbers")
    world.client.apply(CreateCheck(world.commits["regression"], text, "run-4"))
    return world


def test_a_group_with_other_files_is_measured_and_its_check_is_open(measured):
    request = answer_event(group_event(measured, "benign"), measured.client, CIRCUMSTANCES)
    assert (request.origin, request.head) == ("queue", measured.commits["benign"])
    assert request.base_commit == request.trusted_commit == measured.commits["main"]
    assert (request.runners, request.left_out) == (("cpu", "gpu"), ())
    (check,) = measured.checks(request.head)
    assert (check["status"], check["external_id"]) == ("in_progress", "run-5")


def test_a_group_with_the_files_of_the_head_has_its_verdict(measured):
    """A group of one pull request that is up to date; its commit is the head here, too."""
    copy = measured.github.call(
        "POST",
        "/git/commits",
        message="Merge",
        tree=measured.client.tree(measured.commits["regression"]),
        parents=[measured.commits["main"], measured.commits["regression"]],
    )
    measured.commits["group"] = copy["sha"]
    assert answer_event(group_event(measured, "group"), measured.client, CIRCUMSTANCES) is None
    (check,) = measured.checks(copy["sha"])
    assert (check["conclusion"], check["external_id"]) == ("success", "run-4")
    assert check["output"]["summary"].endswith("numbers")


def test_a_group_whose_head_has_no_verdict_is_measured(world):
    assert answer_event(group_event(world, "regression"), world.client, CIRCUMSTANCES)


def test_a_group_that_was_dropped_changes_nothing(measured):
    event = group_event(measured, "benign", "destroyed")
    assert answer_event(event, measured.client, CIRCUMSTANCES) is None
    assert measured.checks(measured.commits["benign"]) == []
