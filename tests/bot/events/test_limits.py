"""Of one author's runs a few are admitted at a time and in a day, counted from GitHub's list."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.events.limits import AuthorLimits, StartedRun, reason_to_wait, waiting_check
from bot.github.values import WorkflowRun
from tests.bot.events.builders import NOW

LIMITS = AuthorLimits(at_once=2, per_day=4)
OWN = StartedRun(100, "slimgate #1", "ann", NOW)


def earlier(number, pull, status="in_progress", hours=1):
    """A run of ann's that began some hours ago."""
    title, began = f"slimgate #{pull}", NOW - timedelta(hours=hours)
    return WorkflowRun(
        number, "slimgate.yml", title, status, "u", "pull_request_target", "ann", began
    )


def test_without_other_runs_nothing_waits():
    assert reason_to_wait(OWN, [], LIMITS) is None


def test_runs_in_progress_on_other_pull_requests_count_once_each():
    assert reason_to_wait(OWN, [earlier(1, 2), earlier(2, 2)], LIMITS) is None
    reason = reason_to_wait(OWN, [earlier(1, 2), earlier(2, 3)], LIMITS)
    assert reason == "ann has runs in progress on 2 other pull requests"


def test_a_run_in_progress_on_the_same_pull_request_does_not_count():
    assert reason_to_wait(OWN, [earlier(1, 2), earlier(2, 1)], LIMITS) is None


def test_runs_that_began_within_a_day_count_though_they_ended():
    runs = [earlier(number, 1, "completed", hours=23) for number in range(4)]
    assert reason_to_wait(OWN, runs, LIMITS) == "ann has started 4 runs within 24 hours"
    assert reason_to_wait(OWN, runs[1:], LIMITS) is None


def test_runs_without_a_job_do_not_count():
    runs = [replace(earlier(n, 1, "completed"), conclusion="skipped") for n in range(9)]
    assert reason_to_wait(OWN, runs, LIMITS) is None
    measured = [replace(run, conclusion="success") for run in runs]
    assert reason_to_wait(OWN, measured, LIMITS) == "ann has started 9 runs within 24 hours"


def test_runs_of_the_day_before_do_not_count():
    runs = [earlier(number, 1, "completed", hours=24) for number in range(9)]
    assert reason_to_wait(OWN, runs, LIMITS) is None


def test_runs_that_came_later_do_not_count():
    assert reason_to_wait(OWN, [earlier(101, 2), earlier(102, 3)], LIMITS) is None


@given(st.permutations(range(10)), st.integers(1, 9))
def test_of_many_at_once_exactly_the_first_are_admitted(order, at_once):
    """Every run sees every other, in whatever order GitHub lists them."""
    limits = AuthorLimits(at_once, per_day=99)
    runs = [earlier(number, number) for number in order]
    admitted = [
        run.id
        for run in runs
        if reason_to_wait(StartedRun(run.id, run.title, "ann", NOW), runs, limits) is None
    ]
    assert sorted(admitted) == list(range(at_once))


def test_the_check_of_a_run_that_waits_does_not_pass_and_says_how_it_goes_on():
    text = waiting_check("ann has started 4 runs within 24 hours", LIMITS)
    assert text.conclusion == "action_required"
    assert text.summary.startswith("ann has started 4 runs within 24 hours. An author may have")
    assert "```text\n/rebench\n```" in text.summary
