"""``slimgate publish`` for the default branch: the report, the summary and the history."""

import subprocess

import pytest

from bot.plan.request import RunRequest
from core.schema import write_json
from core.store import hash_file
from tests.bot.builders import make_plan, make_result, write_results
from tests.bot.shell import slimgate

REQUEST = RunRequest(origin="branch", number=None, base="main", head="b" * 40, runners=("cpu",))


@pytest.fixture
def run(tmp_path):
    """The files of a run on one kind of runner."""
    results = tmp_path / "results" / "results-cpu"
    results.mkdir(parents=True)
    write_results(results, {"m0.qat": make_result(results)})
    write_json(tmp_path / "plan.json", make_plan())
    write_json(tmp_path / "request.json", REQUEST)
    return tmp_path


def publish(folder, *extra, **environment):
    words = [
        *("--request", folder / "request.json", "--plan", folder / "plan.json"),
        *("--results", folder / "results", "--out", folder / "out"),
    ]
    variables = {"GITHUB_STEP_SUMMARY": str(folder / "summary.md"), "GITHUB_RUN_ID": "17"}
    return slimgate("publish", *words, *extra, **{**variables, **environment})


def test_the_report_is_written_and_added_to_the_summary(run):
    (run / "summary.md").write_text("before\n")
    ended = publish(run)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "success: Accuracy is within its limits for the one affected case.\n"
    report = (run / "out" / "report.md").read_text()
    assert (run / "summary.md").read_text() == f"before\n{report}"


def test_without_a_summary_file_only_the_report_is_written(run):
    assert publish(run, GITHUB_STEP_SUMMARY="").returncode == 0
    assert not (run / "summary.md").exists()


def test_a_regression_is_published_and_is_no_failure_of_publishing(run):
    results = run / "results" / "results-cpu"
    write_results(results, {"m0.qat": make_result(results, quality={"head qat": 0.8})})
    ended = publish(run)
    assert ended.returncode == 0
    assert ended.stdout.startswith("failure: Accuracy regressed: m0.qat.")


def test_a_commit_of_the_merge_queue_needs_github_and_leaves_no_history(run):
    remote = run / "records.git"
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
    write_json(run / "request.json", REQUEST.model_copy(update={"origin": "queue"}))
    ended = publish(run, "--records", remote, GITHUB_TOKEN="", GITHUB_REPOSITORY="o/r")
    assert ended.returncode == 2
    assert "GITHUB_TOKEN is not set" in ended.stderr
    heads = subprocess.run(["git", "-C", str(remote), "branch"], capture_output=True, check=True)
    assert heads.stdout == b""


def test_the_history_of_the_default_branch_is_kept_once_for_each_run(run):
    remote = run / "records.git"
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)

    def commits():
        words = ["git", "-C", str(remote), "rev-list", "--all", "--count"]
        return int(subprocess.run(words, capture_output=True, check=True).stdout)

    assert publish(run, "--records", remote).returncode == 0
    assert commits() == 1
    assert publish(run, "--records", remote).returncode == 0
    assert commits() == 1
    assert publish(run, "--records", remote, GITHUB_RUN_ID="18").returncode == 0
    assert commits() == 2


def test_a_replaced_plan_is_refused(run):
    ended = publish(run, "--plan-sha256", "0" * 64)
    assert ended.returncode == 2
    assert "--plan-sha256" in ended.stderr
    assert not (run / "out").exists()
    assert publish(run, "--plan-sha256", hash_file(run / "plan.json")).returncode == 0


def test_without_a_plan_the_report_says_why(run):
    (run / "plan.json").unlink()
    (run / "problem.txt").write_text("configs/m.yml: not valid YAML")
    ended = publish(run, "--problem", run / "problem.txt")
    assert ended.returncode == 0
    assert ended.stdout == "action_required: This change cannot be planned.\n"
    assert "not valid YAML" in (run / "out" / "report.md").read_text()


def test_a_pull_request_needs_a_token(run):
    write_json(run / "request.json", REQUEST.model_copy(update={"number": 7}))
    ended = publish(run, GITHUB_TOKEN="", GITHUB_REPOSITORY="o/r")
    assert ended.returncode == 2
    assert "GITHUB_TOKEN is not set" in ended.stderr
