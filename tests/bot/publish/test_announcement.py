"""The check while a run is on: what is measured, and how long it took before."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from bench.stats import Interval
from bot.github.actions import UpdateCheck
from bot.github.values import Check
from bot.plan.request import RunRequest
from bot.plan.values import REQUESTED
from bot.publish.announcement import announcement, decide_announcement, expected_s, in_words
from bot.records.history import HistoryLine
from tests.bot.builders import make_plan

SPAN = Interval(value=1, low=1, high=1)
REQUEST = RunRequest(origin="push", number=1, base="main", head="b" * 40, runners=("cpu", "gpu"))


def line(seconds, runner="cpu", budget="quick", case="m0.qat"):
    return HistoryLine(
        run_id=1,
        commit="c" * 40,
        date=datetime(2026, 1, 1, tzinfo=timezone.utc),
        case=case,
        runner=runner,
        machine="x",
        budget=budget,
        metric="mIoU",
        fp32_points=SPAN,
        compressed_points=SPAN,
        fp32_ms=SPAN,
        compressed_ms=SPAN,
        fp32_bytes=1,
        compressed_bytes=1,
        duration_s=seconds,
    )


def check(conclusion=None, external_id="run-7", number=1):
    return Check(number, "b" * 40, conclusion, "Measuring", "…", external_id, 0)


def test_cases_are_named_with_what_they_took():
    history = {"m0.qat": [line(9000), *[line(720)] * 5, line(9999, budget="full")]}
    text = announcement(REQUEST, make_plan(2), history)
    assert text.conclusion is None
    assert text.title == "Measuring 2 cases on cpu, gpu"
    assert "cpu: about 12 min, and 1 not known; gpu: not known yet" in text.summary
    assert "<code>m0.qat</code> through <code>deploy/qat.yaml</code>, about 12 min" in text.summary


def test_a_case_that_no_file_affects_is_measured_on_request():
    text = announcement(REQUEST, make_plan(because=REQUESTED), {"m0.qat": [line(720)]})
    assert text.summary.endswith("- <code>m0.qat</code> on request, about 12 min")


def test_names_from_the_change_are_escaped():
    text = announcement(REQUEST, make_plan(because="deploy/`@all`.yaml"), {})
    assert "`" not in text.summary
    assert "@all" not in text.summary


def test_only_the_open_check_of_this_run_changes():
    text = announcement(REQUEST, make_plan(), {})
    assert decide_announcement(text, 7, [check()]) == [UpdateCheck(1, text, "run-7")]
    assert decide_announcement(text, 7, []) == []
    assert decide_announcement(text, 7, [check("success")]) == []
    assert decide_announcement(text, 7, [check(), check(None, "run-8", 2)]) == []


def test_durations_in_words():
    seconds = (0, 29, 31, 60, 5000, 7170, 20_000)
    assert [in_words(span) for span in seconds] == [
        "less than a minute",
        "less than a minute",
        "about 1 min",
        "about 1 min",
        "about 83 min",
        "about 2 h",
        "about 6 h",
    ]


def test_a_check_that_says_the_same_is_left_alone():
    text = announcement(REQUEST, make_plan(), {})
    same = replace(check(), title=text.title, summary=text.summary)
    assert decide_announcement(text, 7, [same]) == []
    assert decide_announcement(text, 7, [replace(same, title="x")]) != []


def test_the_last_five_runs_of_the_same_kind_are_expected():
    lines = [line(seconds) for seconds in (9000, 1, 2, 3, 4, 50)]
    assert expected_s(lines, "cpu", "quick") == 3
    assert expected_s(lines, "gpu", "quick") is None
    assert expected_s(lines, "cpu", "full") is None


def test_a_case_takes_as_long_as_its_slowest_kind_of_runner():
    history = {"m0.qat": [line(720), line(6000, "gpu")]}
    text = announcement(REQUEST, make_plan(), history)
    assert text.title == "Measuring 1 case on cpu, gpu"
    assert "cpu: about 12 min; gpu: about 100 min" in text.summary
    assert text.summary.endswith("about 100 min")


def test_three_files_of_a_case_are_named_and_the_others_counted():
    plan = make_plan()
    job = plan.jobs[0].model_copy(update={"because": tuple("abcde")})
    text = announcement(REQUEST, plan.model_copy(update={"jobs": (job,)}), {})
    files = "<code>a</code>, <code>b</code>, <code>c</code>, 2 more"
    assert text.summary.endswith(f"through {files}")


@pytest.mark.parametrize("letter", ["@", "é", "🎉"])
def test_long_names_fit_into_a_check_all_the_same(letter):
    plan = make_plan(60)
    jobs = tuple(job.model_copy(update={"because": (letter * 400,) * 9}) for job in plan.jobs)
    text = announcement(REQUEST, plan.model_copy(update={"jobs": jobs}), {})
    assert 20_000 < len(text.summary.encode()) <= 65_535
    listed = text.summary.count("\n- <code>m")
    assert text.summary.endswith(f"- …and {60 - listed} more")


def test_fifty_cases_are_listed_and_the_others_counted():
    text = announcement(REQUEST, make_plan(52), {})
    assert text.summary.count("<code>m") == 50
    assert text.summary.endswith("- …and 2 more")
    assert "more" not in announcement(REQUEST, make_plan(50), {}).summary
