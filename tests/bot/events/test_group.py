"""A commit of the merge queue: when the verdict on a head holds for it, and what is measured."""

from dataclasses import replace

import pytest

from bot.events.group import GroupFacts, request_for_group, verdict_of_head
from bot.github.events import MergeGroupEvent
from bot.github.values import Check
from tests.bot.events.builders import BASE, HEAD

GROUP, TREE = "c" * 40, "e" * 40
PASSED = Check(1, HEAD, "success", "Within limits", "numbers", "run-42", 0)
FACTS = GroupFacts(head=HEAD, fork=BASE, group_tree=TREE, head_tree=TREE, check=PASSED)


def group_event(action="checks_requested", number="7"):
    """The queue wants checks of a commit that adds pull request 7 to the branch."""
    group = {
        "head_sha": GROUP,
        "head_ref": f"refs/heads/gh-readonly-queue/release/2.8/pr-{number}-{BASE}",
        "base_sha": BASE,
        "base_ref": "refs/heads/release/2.8",
    }
    return MergeGroupEvent.model_validate({"action": action, "merge_group": group})


def test_a_group_is_measured_against_the_commit_that_it_adds_to():
    request = request_for_group(group_event())
    assert (request.origin, request.number, request.base) == ("queue", None, "release/2.8")
    assert (request.head, request.base_commit) == (GROUP, BASE)
    assert not request.everything


def test_a_group_that_was_dropped_is_not_measured():
    assert request_for_group(group_event("destroyed")) is None


@pytest.mark.parametrize(("number", "pull"), [("7", 7), ("123", 123), ("x", None), ("", None)])
def test_the_queues_branch_names_the_last_pull_request(number, pull):
    assert group_event(number=number).merge_group.number == pull


@pytest.mark.parametrize("conclusion", ["success", "neutral"])
def test_the_verdict_on_a_head_with_the_same_files_is_taken_over(conclusion):
    check = replace(PASSED, conclusion=conclusion)
    text = verdict_of_head(group_event(), replace(FACTS, check=check))
    assert (text.conclusion, text.title) == (conclusion, "Within limits")
    assert text.summary.startswith(f"Measured at {HEAD}, the head of the pull request")
    assert text.summary.endswith("\n\nnumbers")


@pytest.mark.parametrize(
    "facts",
    [
        replace(FACTS, fork="d" * 40),
        replace(FACTS, group_tree="d" * 40),
        replace(FACTS, check=None),
        replace(FACTS, check=replace(PASSED, conclusion=None)),
        replace(FACTS, check=replace(PASSED, conclusion="failure")),
        replace(FACTS, check=replace(PASSED, conclusion="action_required")),
        replace(FACTS, check=replace(PASSED, external_id="a job")),
    ],
    ids=["other base", "other files", "no check", "in progress", "failed", "missing", "of a job"],
)
def test_anything_else_is_measured(facts):
    assert verdict_of_head(group_event(), facts) is None
