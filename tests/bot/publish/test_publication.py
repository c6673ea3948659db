"""Publishing against a stateful GitHub: one comment, one check, whatever goes wrong."""

import threading
from dataclasses import replace

import pytest
import requests

from bot.events.steps import write_check
from bot.github.actions import DeleteComment, UpdateCheck
from bot.github.client import Client
from bot.github.errors import GitHubError
from bot.github.values import CheckText
from bot.plan.cases import Request
from bot.plan.planning import Suite, plan_range
from bot.publish.comment import Marker
from bot.publish.publication import (
    Origin,
    Publication,
    check_text,
    comment_body,
    loudness,
    publish_check,
    publish_comparison,
    publish_report,
)
from bot.text.limits import MAX_COMMENT_BYTES, size
from core.finding import Finding
from examples.github.front import Fault
from tests.bot.builders import judge, make_plan, make_result
from tests.sweeps import swept

ORIGIN = Origin(1, "https://github.example/run/1")


def make_report(folder, world, branch="regression", quality=None, job="m0.qat"):
    """A report about a commit that is really there."""
    heads = {"base": world.commits["main"], "head": world.commits[branch]}
    plan = make_plan().model_copy(update=heads)
    result = make_result(folder, job=job, quality=quality).model_copy(update=heads)
    return judge(folder, {job: result}, plan)


@pytest.fixture
def bad(tmp_path, world):
    return make_report(tmp_path, world, quality={"head qat": 0.8})


@pytest.fixture
def good(tmp_path, world):
    return make_report(tmp_path, world)


def ours(world):
    return [c for c in world.comments() if c["user"]["login"].endswith("[bot]")]


def newest_check(world, branch="regression"):
    return max(world.checks(world.commits[branch]), key=lambda check: check["id"])


def writes(world):
    return [r for r in world.github.front.record if r.method != "GET"]


def test_one_comment_and_one_check(world, bad):
    publish_report(bad, ORIGIN, world.client)
    (comment,) = ours(world)
    assert "Accuracy regressed" in comment["body"]
    (check,) = world.checks(bad.head)
    assert (check["status"], check["conclusion"]) == ("completed", "failure")


def test_publishing_again_changes_nothing(world, bad):
    publish_report(bad, ORIGIN, world.client)
    before = len(writes(world))
    publish_report(bad, ORIGIN, Client(world.connection, 1))
    assert len(writes(world)) == before


def test_a_new_regression_is_a_new_comment(world, good, tmp_path):
    publish_report(good, ORIGIN, world.client)
    first = ours(world)[0]["id"]
    bad = make_report(tmp_path, world, quality={"head qat": 0.8})
    publish_report(bad, ORIGIN, world.client)
    (comment,) = ours(world)
    assert comment["id"] != first


def test_a_fix_edits_the_comment_in_place(world, bad, tmp_path):
    publish_report(bad, ORIGIN, world.client)
    first = ours(world)[0]["id"]
    world.push("benign")
    publish_report(make_report(tmp_path, world, "benign"), ORIGIN, Client(world.connection, 1))
    (comment,) = ours(world)
    assert comment["id"] == first
    assert newest_check(world, "benign")["conclusion"] == "success"


def test_a_late_result_says_so_and_leaves_the_new_head_alone(world, bad):
    world.push("benign")
    publish_report(bad, ORIGIN, world.client)
    assert "the head is" in ours(world)[0]["body"]
    assert world.checks(world.commits["benign"]) == []


def test_a_late_result_does_not_replace_that_of_the_head(world, bad, tmp_path):
    world.push("benign")
    publish_report(make_report(tmp_path, world, "benign"), ORIGIN, world.client)
    publish_report(bad, ORIGIN, Client(world.connection, 1))
    (comment,) = ours(world)
    assert "within its limits" in comment["body"]


def test_fixes_are_suggested_once_on_changed_lines(world, tmp_path):
    repo = Suite("example-seg", world.repo)
    plan, _ = plan_range(repo, "main", "regression", Request())
    base = make_plan()
    because = (plan.affected[0].config,)
    job = base.jobs[0].model_copy(update={"because": because})
    plan = plan.model_copy(update={"jobs": (job,)})
    heads = {"base": plan.base, "head": plan.head}
    result = make_result(tmp_path, quality={"head qat": 0.8}).model_copy(update=heads)
    report = judge(tmp_path, {"m0.qat": result}, plan)
    for _ in range(2):
        publish_report(report, ORIGIN, Client(world.connection, 1))
    notes = world.github.call("GET", "/pulls/1/comments")
    assert [note["path"] for note in notes] == list(because)
    assert "```suggestion\n  hist_percent: 0.9999\n```" in notes[0]["body"]
    (check,) = world.checks(plan.head)
    assert check["output"]["annotations_count"] == 1


def test_a_forged_marker_is_not_ours(world, bad):
    forged = "<!-- slimgate:report x - -->\n\nall is well"
    world.github.call("POST", "/issues/1/comments", "stranger", body=forged)
    publish_report(bad, ORIGIN, world.client)
    assert len(ours(world)) == 1
    assert len(world.comments()) == 2
    assert world.comments()[0]["body"] == forged


def test_several_comments_of_ours_become_one(world, bad):
    for _ in range(3):
        publish_report(bad, ORIGIN, Client(world.connection, 1))
        body = ours(world)[-1]["body"]
        headers = {"Authorization": f"Bearer {world.github.token}"}
        url = f"{world.github.front.upstream}/repos/suite/models/issues/1/comments"
        requests.post(url, json={"body": body}, headers=headers, timeout=30)
    publish_report(bad, ORIGIN, Client(world.connection, 1))
    assert len(ours(world)) == 1


def test_two_at_once_end_with_one_comment(world, bad):
    threads = [
        threading.Thread(target=publish_report, args=(bad, ORIGIN, Client(world.connection, 1)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ours(world)) == 1
    assert newest_check(world)["conclusion"] == "failure"


def test_calls_for_twenty_cases(world, tmp_path):
    heads = {"base": world.commits["main"], "head": world.commits["regression"]}
    plan = make_plan(20).model_copy(update=heads)
    results = {
        job.id: make_result(tmp_path, job=job.id).model_copy(update=heads) for job in plan.jobs
    }
    publish_report(judge(tmp_path, results, plan), ORIGIN, world.client)
    assert len(world.github.front.record) <= 12


TIMEOUT_S = 1
FAULTS = {
    "500": Fault(500),
    "502": Fault(502),
    "502 after it acted": Fault(502, acted=True),
    "secondary limit": Fault(403, "You have exceeded a secondary rate limit", {"Retry-After": "1"}),
    "429": Fault(429, headers={"Retry-After": "1"}),
    "time-out": Fault(0, delay_s=TIMEOUT_S + 0.5),
    "time-out after it acted": Fault(0, delay_s=TIMEOUT_S + 0.5, acted=True),
    "connection dropped": Fault(0),
    "connection dropped after it acted": Fault(0, acted=True),
}
REFUSALS = {name: Fault(int(name)) for name in ("401", "404", "409", "422")}


def nothing(_number, _request):
    """No fault."""


def reset(world):
    """As before publishing: no comment, the check in progress."""
    for comment in ours(world):
        world.client.apply(DeleteComment(comment["id"]))
    check = newest_check(world)["id"]
    world.client.apply(UpdateCheck(check, CheckText(None, "Measuring", ""), "run-1"))


def once_at(position, fault):
    """The fault at one request, counted from the first; retries of it pass."""
    matches = []

    def decide(number, request):
        if number == position and not matches:
            matches.append(request)
            return fault
        return None

    return decide


@pytest.mark.parametrize("name", swept(FAULTS, "502 after it acted", "time-out"))
def test_passing_faults_at_every_position(world, bad, name):
    publish_report(bad, ORIGIN, Client(world.connection, 1))
    calls = len(world.github.front.record)
    for position in range(calls):
        reset(world)
        start = len(world.github.front.record)
        world.github.front.fault = once_at(start + position, FAULTS[name])
        connection = replace(world.connection, timeout_s=TIMEOUT_S)
        publish_report(bad, Origin(position + 2, ORIGIN.url), Client(connection, 1))
        assert len(ours(world)) == 1, position
        assert newest_check(world)["conclusion"] == "failure"


@pytest.mark.parametrize("name", swept(REFUSALS, "404"))
def test_refusals_at_every_position_are_repaired_by_the_next_run(world, bad, name):
    publish_report(bad, ORIGIN, Client(world.connection, 1))
    calls = len(world.github.front.record)
    for position in range(calls):
        reset(world)
        start = len(world.github.front.record)
        world.github.front.fault = once_at(start + position, REFUSALS[name])
        try:
            publish_report(bad, ORIGIN, Client(world.connection, 1))
        except GitHubError as error:
            assert name in str(error)
        world.github.front.fault = nothing
        publish_report(bad, ORIGIN, Client(world.connection, 1))
        assert len(ours(world)) == 1, position
        assert newest_check(world)["conclusion"] == "failure"


def test_the_check_is_concluded_though_the_conversation_is_locked(world, bad):
    locked = Fault(403, "Unable to create comment because issue is locked.")
    world.github.front.fault = lambda _, request: (
        locked if (request.method, request.path[-9:]) == ("POST", "/comments") else None
    )
    with pytest.raises(GitHubError, match="issue is locked"):
        publish_report(bad, ORIGIN, world.client)
    assert newest_check(world)["conclusion"] == "failure"


def test_a_newer_check_is_left_alone_though_the_comment_is_refused(world, bad, good):
    publish_report(good, Origin(8, ORIGIN.url), world.client)
    world.github.front.fault = lambda _, request: (
        Fault(403) if "/comments" in request.path else None
    )
    with pytest.raises(GitHubError):
        publish_report(bad, Origin(7, ORIGIN.url), Client(world.connection, 1))
    assert newest_check(world)["conclusion"] == "success"


def test_a_comparison_is_a_comment_of_its_own(world, bad, good):
    publish_report(good, ORIGIN, world.client)
    checks = len(world.checks(good.head))
    for _ in range(2):
        publish_comparison(bad, "release/2.8", ORIGIN, Client(world.connection, 1))
    assert len(ours(world)) == 2
    assert len(world.checks(good.head)) == checks
    assert newest_check(world)["conclusion"] == "success"


def test_a_commit_of_the_merge_queue_has_a_check_and_no_comment(world, bad):
    publish_check(bad, ORIGIN, Client(world.connection, None))
    assert ours(world) == []
    check = newest_check(world)
    assert (check["conclusion"], check["external_id"]) == ("failure", "run-1")
    calls = len(writes(world))
    publish_check(bad, ORIGIN, Client(world.connection, None))
    assert len(writes(world)) == calls


def test_a_run_that_was_overtaken_leaves_the_newer_one_alone(world, bad, good):
    publish_report(good, Origin(8, ORIGIN.url), world.client)
    before = len(writes(world))
    publish_report(bad, Origin(7, ORIGIN.url), Client(world.connection, 1))
    assert len(writes(world)) == before
    assert newest_check(world)["conclusion"] == "success"


def test_a_run_that_was_stopped_for_another_of_the_same_commit_says_nothing(world, bad, tmp_path):
    for run in (5, 6):
        write_check(CheckText(None, "Measuring", "x"), run, bad.head, world.client)
    heads = {"base": bad.base, "head": bad.head}
    stopped = judge(tmp_path / "nothing", {}, make_plan().model_copy(update=heads))
    publish_report(stopped, Origin(5, ORIGIN.url), Client(world.connection, 1))
    assert ours(world) == []
    assert newest_check(world)["status"] == "in_progress"


def test_a_run_that_was_stopped_for_a_new_head_says_nothing(world, bad, tmp_path):
    publish_report(bad, ORIGIN, world.client)
    (before,) = ours(world)
    heads = {"base": world.commits["main"], "head": world.commits["benign"]}
    stopped = judge(tmp_path / "nothing", {}, make_plan().model_copy(update=heads))
    assert stopped.conclusion == "action_required"
    publish_report(stopped, Origin(2, ORIGIN.url), Client(world.connection, 1))
    assert ours(world) == [before]
    (check,) = world.checks(heads["head"])
    assert check["conclusion"] == "action_required"


def test_the_trend_is_the_first_to_go(tmp_path):
    marker = Marker("report", "b" * 40)
    report = judge(tmp_path, {"m0.qat": make_result(tmp_path)})
    assert "TREND" in comment_body(report, ORIGIN, marker, report.head, "TREND")
    assert "TREND" not in comment_body(report, ORIGIN, marker, report.head, "TREND" * 20_000)
    plan = make_plan(150)
    full = judge(tmp_path, {j.id: make_result(tmp_path, job=j.id) for j in plan.jobs}, plan)
    assert size(comment_body(full, ORIGIN, marker, full.head, "T" * 60_000)) <= MAX_COMMENT_BYTES


def test_a_comment_links_to_the_full_report_and_names_both_commits(tmp_path):
    report = judge(tmp_path, {"m0.qat": make_result(tmp_path)})
    body = Publication(report, ORIGIN).body
    assert body.startswith(f"<!-- slimgate:report {report.head} - -->\n\n\n")
    assert "<code>bbbbbbbbbbbb</code> against <code>aaaaaaaaaaaa</code>" in body
    assert "[full report](https://github.example/run/1#artifacts)" in body


def test_a_late_comment_says_which_commit_it_is_about(tmp_path):
    report = judge(tmp_path, {"m0.qat": make_result(tmp_path)})
    banner = Publication(report, ORIGIN).late_body("c" * 40).splitlines()[1]
    head, live = f"<code>{'b' * 12}</code>", f"<code>{'c' * 12}</code>"
    assert banner == f"> ⏳ This report is about {head}; the head is now {live}."


def test_loudness_names_the_regressed_cases_only(tmp_path):
    plan = make_plan(2)
    good = {j.id: make_result(tmp_path, job=j.id) for j in plan.jobs}
    assert loudness(judge(tmp_path, good, plan)) == "-"
    fall = {"head qat": 0.8}
    worse = good | {"m1.qat": make_result(tmp_path, "m1.qat", quality=fall)}
    worst = worse | {"m0.qat": make_result(tmp_path, "m0.qat", quality={"head qat": 0.7})}
    names = [loudness(judge(tmp_path, results, plan)) for results in (worse, worst, worst)]
    assert names[0] != names[1] == names[2]
    assert all(len(name) == 12 for name in names)


@pytest.mark.parametrize(
    ("severity", "level"), [("error", "failure"), ("warning", "warning"), ("note", "notice")]
)
def test_findings_on_a_line_become_annotations(tmp_path, severity, level):
    parts = {"code": "SG501", "severity": severity, "file": "deploy/qat.yaml"}
    findings = (
        Finding(message="bits\u202e fell", line=3, **parts),
        Finding(message="nowhere", **parts),
    )
    report = judge(tmp_path, {"m0.qat": make_result(tmp_path)})
    case = report.cases[0].model_copy(update={"findings": findings})
    text = check_text(report.model_copy(update={"cases": (case,)}))
    (annotation,) = text.annotations
    assert (annotation.path, annotation.start_line, annotation.end_line) == (
        "deploy/qat.yaml",
        3,
        3,
    )
    assert (annotation.level, annotation.title) == (level, "SG501: m0.qat")
    assert annotation.message == "bits fell"


def test_the_check_says_what_the_report_says(tmp_path):
    report = judge(tmp_path, {"m0.qat": make_result(tmp_path)})
    text = check_text(report)
    assert (text.conclusion, text.title) == (report.conclusion, report.headline)
    assert "m0.qat" in text.summary


def test_an_annotation_is_one_visible_line(tmp_path):
    hidden = Finding(code="SG501", severity="error", message="a\n\u202eb\u2028c", file="f", line=1)
    report = judge(tmp_path, {"m0.qat": make_result(tmp_path)})
    case = report.cases[0].model_copy(update={"findings": (hidden,)})
    (annotation,) = check_text(report.model_copy(update={"cases": (case,)})).annotations
    assert annotation.message == "a b c"


def test_a_title_is_one_visible_line(tmp_path):
    report = judge(tmp_path, {"m0.qat": make_result(tmp_path)})
    report = report.model_copy(update={"headline": "a\n\u202eb\u2028c"})
    assert check_text(report).title == "a b c"
