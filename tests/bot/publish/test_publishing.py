"""A run's files become a report, a comment and a check; what does not belong is refused."""

import subprocess

import pytest

from bot.github.actions import CreateCheck
from bot.github.client import Client
from bot.github.values import CheckText
from bot.plan.request import AcceptedModel, RunRequest
from bot.publish.publication import Origin
from bot.publish.publishing import (
    MAX_PROBLEM_CHARACTERS,
    RunFiles,
    announce_run,
    judge_run,
    publish_run,
)
from bot.records.data_branch import DataBranch
from bot.records.keep import keep_history
from bot.report.report import Report
from core.errors import InputError
from core.schema import load_json, write_json
from core.store import hash_file
from tests.bot.builders import judge, make_plan, make_result, write_results
from tests.bot.events.builders import NOW

REQUEST = RunRequest(
    origin="push", number=1, base="main", head="b" * 40, runners=("cpu", "gpu"), left_out=("npu",)
)
ORIGIN = Origin(1, "https://github.example/run/1")


@pytest.fixture
def files(tmp_path):
    """A plan of one case, and what the runner of kind cpu measured: int8 10 points worse."""
    folder = tmp_path / "results" / "results-cpu"
    folder.mkdir(parents=True)
    write_results(folder, {"m0.qat": make_result(folder, quality={"head qat": 0.8})})
    write_json(tmp_path / "plan.json", make_plan())
    return RunFiles(tmp_path / "plan.json", tmp_path / "results")


@pytest.fixture
def branch(tmp_path):
    folder = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    return DataBranch(str(folder))


def only(kind):
    return REQUEST.model_copy(update={"runners": (kind,), "left_out": ()})


def test_the_report_is_written_in_three_forms(files, tmp_path):
    report = judge_run(only("cpu"), files, tmp_path / "out", None)
    assert report.conclusion == "failure"
    assert load_json(Report, tmp_path / "out" / "report.json") == report
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"report.json", "report.md", "report.html"}


def test_a_kind_of_runner_without_results_and_one_left_out_are_in_the_report(files, tmp_path):
    report = judge_run(REQUEST, files, tmp_path / "out", None)
    assert [case.runner for case in report.cases] == ["cpu", "gpu"]
    assert any("npu" in skipped.case for skipped in report.skipped if skipped.case)


def test_a_change_without_a_plan_quotes_the_problem(tmp_path):
    problem = tmp_path / "problem.txt"
    problem.write_bytes(b"bad key: \xff" + b"x" * 3000)
    files = RunFiles(tmp_path / "plan.json", tmp_path, problem=problem)
    report = judge_run(REQUEST, files, tmp_path / "out", None)
    assert report.conclusion == "action_required"
    assert report.next_step.startswith("bad key: \ufffdx")
    assert len(report.next_step) == MAX_PROBLEM_CHARACTERS


@pytest.mark.parametrize("problem", [None, "missing.txt"])
def test_a_change_without_a_plan_or_a_problem_points_to_the_log(tmp_path, problem):
    path = tmp_path / problem if problem else None
    files = RunFiles(tmp_path / "plan.json", tmp_path, problem=path)
    report = judge_run(REQUEST, files, tmp_path / "out", None)
    assert "see its log" in report.next_step


def test_a_plan_that_was_lost_on_its_way_is_not_blamed_on_the_change(tmp_path):
    files = RunFiles(tmp_path / "plan.json", tmp_path, "0" * 64)
    report = judge_run(REQUEST, files, tmp_path / "out", None)
    assert report.conclusion == "action_required"
    assert report.headline == "The plan is missing."
    assert "could not be downloaded" in report.next_step


def test_a_plan_with_another_hash_is_refused(files, tmp_path):
    good = RunFiles(files.plan, files.results, hash_file(files.plan))
    judge_run(only("cpu"), good, tmp_path / "out", None)
    with pytest.raises(InputError) as caught:
        judge_run(only("cpu"), RunFiles(files.plan, files.results, "0" * 64), tmp_path, None)
    assert (caught.value.file, caught.value.key) == (str(files.plan), "--plan-sha256")
    assert caught.value.hint


def test_a_plan_of_another_commit_is_refused(files, tmp_path):
    request = REQUEST.model_copy(update={"head": "c" * 40})
    with pytest.raises(InputError) as caught:
        judge_run(request, files, tmp_path / "out", None)
    assert "b" * 12 in caught.value.message
    assert "c" * 12 in caught.value.message
    assert (caught.value.file, caught.value.key) == (str(files.plan), "head")


def test_an_acceptance_is_kept_and_applied(files, tmp_path, branch):
    accepted = (AcceptedModel(model="m0", reason="as agreed", author="ann"),)
    request = only("cpu").model_copy(update={"accepted": accepted})
    assert judge_run(request, files, tmp_path / "out", branch).conclusion == "success"
    assert judge_run(only("cpu"), files, tmp_path / "out", branch).conclusion == "success"
    assert judge_run(only("cpu"), files, tmp_path / "out", None).conclusion == "failure"


def test_an_acceptance_of_what_was_not_measured_is_not_kept(files, tmp_path, branch):
    accepted = (AcceptedModel(model="m0", reason="as agreed", author="ann"),)
    request = only("cpu").model_copy(update={"accepted": accepted})
    unmeasured = RunFiles(files.plan, tmp_path / "nothing")
    assert judge_run(request, unmeasured, tmp_path / "out", branch).conclusion == "action_required"
    assert judge_run(only("cpu"), files, tmp_path / "out", branch).conclusion == "failure"


def in_world(world, value):
    """A plan, result or request about the emulator's commits."""
    update = {"base": world.commits["main"], "head": world.commits["regression"]}
    return value.model_copy(update=update)


def ours(world):
    return [c["body"] for c in world.comments() if c["user"]["login"].endswith("[bot]")]


@pytest.fixture
def report(world, tmp_path):
    result = in_world(world, make_result(tmp_path, quality={"head qat": 0.8}))
    return judge(tmp_path, {"m0.qat": result}, in_world(world, make_plan()))


def test_a_run_becomes_a_comment_with_a_trend_and_a_check(world, report, branch):
    for run in (1, 2):
        keep_history(branch, report, run, NOW)
    publish_run(in_world(world, REQUEST), report, ORIGIN, world.client, branch)
    (body,) = ours(world)
    assert "Accuracy regressed" in body
    assert "xychart-beta" in body
    (check,) = world.checks(report.head)
    assert check["conclusion"] == "failure"


def test_a_commit_of_two_pull_requests_does_not_pass_by_the_weaker_base(world, tmp_path):
    number = world.open_pull("release")
    heads = {"base": world.commits["benign"], "head": world.commits["regression"]}
    result = make_result(tmp_path).model_copy(update=heads)
    report = judge(tmp_path, {"m0.qat": result}, make_plan().model_copy(update=heads))
    request = REQUEST.model_copy(update={"head": report.head, "number": number})
    publish_run(request, report, ORIGIN, Client(world.connection, number), None)
    (check,) = world.checks(report.head)
    assert (report.conclusion, check["conclusion"]) == ("success", "action_required")
    (comment,) = world.github.call("GET", f"/issues/{number}/comments")
    assert "this commit is also that of" in comment["body"]


def test_without_a_data_branch_there_is_no_trend(world, report):
    publish_run(in_world(world, REQUEST), report, ORIGIN, world.client, None)
    (body,) = ours(world)
    assert "xychart-beta" not in body


def test_a_history_that_cannot_be_read_stops_no_verdict(world, report, tmp_path):
    warnings = []
    missing = DataBranch(str(tmp_path / "no"), sleep=lambda _: None, warn=warnings.append)
    publish_run(in_world(world, REQUEST), report, ORIGIN, world.client, missing)
    (body,) = ours(world)
    assert "xychart-beta" not in body
    (check,) = world.checks(report.head)
    assert check["conclusion"] == "failure"
    assert warnings[0].startswith(
        "the history is left out: the branch slimgate-data cannot be read"
    )


@pytest.mark.parametrize("about", [{"against": "release/2.8"}, {"runtimes": ("a", "b")}])
def test_a_comparison_has_a_comment_and_no_check(world, report, branch, about):
    request = in_world(world, REQUEST).model_copy(update=about)
    publish_run(request, report, ORIGIN, world.client, branch)
    assert ours(world)[0].startswith("<!-- slimgate:compare-")
    assert world.checks(report.head) == []


def test_an_announcement_says_in_the_open_check_what_is_measured(world, report, branch):
    request = in_world(world, REQUEST)
    open_check(world, request.head)
    keep_history(branch, report.model_copy(update={"budget": "quick"}), 1, NOW)
    announce_run(request, in_world(world, make_plan()), 1, world.client, branch)
    (check,) = world.checks(request.head)
    assert check["output"]["title"] == "Measuring 1 case on cpu, gpu"
    assert "cpu: less than a minute; gpu: not known yet" in check["output"]["summary"]
    assert check["status"] == "in_progress"


def test_an_announcement_without_a_data_branch_knows_no_duration(world):
    request = in_world(world, REQUEST)
    open_check(world, request.head)
    announce_run(request, in_world(world, make_plan()), 1, Client(world.connection, 1), None)
    (check,) = world.checks(request.head)
    assert "cpu: not known yet" in check["output"]["summary"]


def open_check(world, head):
    """The check that the gate opens before anything is planned."""
    world.client.apply(CreateCheck(head, CheckText(None, "Measuring", "…"), "run-1"))
