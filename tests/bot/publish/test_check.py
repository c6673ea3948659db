"""What becomes of our check on a commit: created, changed, superseded, or left alone."""

from dataclasses import replace

import pytest

from bot.github.actions import CreateCheck, UpdateCheck
from bot.github.values import MAX_ANNOTATIONS, Annotation, Check, CheckText
from bot.publish.check import SUPERSEDED, decide_check, external_id, newest_check, run_of
from bot.text.limits import MAX_MESSAGE_BYTES, MAX_SUMMARY_BYTES, MAX_TITLE_BYTES, size

HEAD = "b" * 40
FAILURE = CheckText("failure", "Accuracy regressed", "numbers")
MEASURING = CheckText(None, "Measuring", "…")
NOTE = Annotation("f", 1, 1, "failure", "t", "m")


def check(number, text=MEASURING, run=1, annotations=0):
    """A check run of ours as GitHub shows it."""
    return Check(
        number, HEAD, text.conclusion, text.title, text.summary, external_id(run), annotations
    )


def test_the_first_check_is_created():
    assert decide_check(FAILURE, 7, HEAD, []) == [CreateCheck(HEAD, FAILURE, "run-7")]


def test_an_open_check_is_concluded_in_place():
    assert decide_check(FAILURE, 7, HEAD, [check(1)]) == [UpdateCheck(1, FAILURE, "run-7")]


def test_a_check_that_says_the_same_is_left_alone():
    assert decide_check(FAILURE, 7, HEAD, [check(1, FAILURE, run=7)]) == []
    assert decide_check(MEASURING, 7, HEAD, [check(1, run=7)]) == []


def test_a_check_that_says_the_same_goes_over_to_the_later_run():
    assert decide_check(MEASURING, 7, HEAD, [check(1)]) == [UpdateCheck(1, MEASURING, "run-7")]
    assert decide_check(MEASURING, 7, HEAD, [check(1, run=8)]) == []


@pytest.mark.parametrize("part", ["conclusion", "title", "summary"])
def test_a_check_that_differs_in_one_part_is_changed(part):
    text = replace(FAILURE, **{part: "neutral"})
    assert decide_check(text, 7, HEAD, [check(1, FAILURE)]) == [UpdateCheck(1, text, "run-7")]


def test_a_concluded_check_is_not_opened_again():
    actions = decide_check(MEASURING, 7, HEAD, [check(1, FAILURE)])
    assert actions == [CreateCheck(HEAD, MEASURING, "run-7")]


def test_a_concluded_check_may_change_its_conclusion():
    success = CheckText("success", "within limits", "numbers")
    actions = decide_check(success, 7, HEAD, [check(1, FAILURE)])
    assert actions == [UpdateCheck(1, success, "run-7")]


def test_open_checks_under_the_newest_are_superseded():
    checks = [check(3), check(1), check(2, FAILURE)]
    assert decide_check(FAILURE, 7, HEAD, checks) == [
        UpdateCheck(1, SUPERSEDED, "run-1"),
        UpdateCheck(3, FAILURE, "run-7"),
    ]


def test_annotations_are_sent_once():
    text = replace(FAILURE, annotations=(NOTE,))
    assert decide_check(text, 7, HEAD, [check(1)]) == [UpdateCheck(1, text, "run-7")]
    shown = check(1, annotations=1)
    assert decide_check(text, 7, HEAD, [shown]) == [UpdateCheck(1, FAILURE, "run-7")]


def test_a_check_is_cut_to_githubs_limits():
    note = replace(NOTE, title="é" * 200, message="é" * 5000)
    long = CheckText("failure", "é" * 300, "é" * 40_000, (note,) * 60)
    (action,) = decide_check(long, 7, HEAD, [])
    assert size(action.text.title) == MAX_TITLE_BYTES == 255
    assert size(action.text.summary) == MAX_SUMMARY_BYTES == 65_535
    assert size(action.text.annotations[0].title) == MAX_TITLE_BYTES
    assert MAX_MESSAGE_BYTES - 1 <= size(action.text.annotations[0].message) <= MAX_MESSAGE_BYTES
    assert len(action.text.annotations) == MAX_ANNOTATIONS
    again = check(1, action.text, run=7, annotations=50)
    assert decide_check(long, 7, HEAD, [again]) == []


def test_the_newest_check_is_the_one_with_the_highest_number():
    assert newest_check([check(2), check(3), check(1)]).id == 3
    assert newest_check([]) is None


def test_a_check_names_its_run():
    assert run_of(check(1, run=42)) == 42
    assert run_of(None) is None
