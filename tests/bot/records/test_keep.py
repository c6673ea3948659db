"""Accepted regressions and the history of cases, in a data branch of real git."""

import subprocess
from datetime import datetime, timezone

import pytest

from bot.judge.assemble import build_report
from bot.judge.results import load_results
from bot.plan.request import AcceptedModel, RunRequest
from bot.records.data_branch import DataBranch
from bot.records.history import history_file, parse_history
from bot.records.keep import keep_acceptances, keep_history
from tests.bot.builders import judge, make_plan, make_result, write_results

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
ACCEPTED = (AcceptedModel(model="m0", reason="as agreed", author="ann"),)


@pytest.fixture
def branch(tmp_path):
    folder = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    return DataBranch(str(folder))


@pytest.fixture
def results(tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    write_results(folder, {"m0.qat": make_result(folder, quality={"head qat": 0.8})})
    return folder


def ask(accepted=(), number=1):
    return RunRequest(
        origin="acceptance", number=number, base="main", head="b" * 40, accepted=accepted
    )


def conclude(branch, results, plan, asked):
    kept = keep_acceptances(branch, asked, plan)
    return build_report(plan, {"cpu": load_results(plan, results)}, kept)


def test_an_accepted_regression_passes_and_says_so(branch, results):
    report = conclude(branch, results, make_plan(), ask(ACCEPTED))
    assert report.conclusion == "success"
    assert "accepted by a maintainer" in report.headline
    assert "accepted by ann: as agreed" in report.cases[0].headline


def test_it_holds_for_the_next_push_that_leaves_the_case_alone(branch, results):
    conclude(branch, results, make_plan(), ask(ACCEPTED))
    assert conclude(branch, results, make_plan(), ask()).conclusion == "success"


def change_case(plan, what):
    """The plan with another content of its case."""
    job = plan.jobs[0]
    if what == "gate":
        changed = {"gate": job.gate.model_copy(update={"max_drop_vs_base_points": 0.1})}
    else:
        value = "other" if what == "code" else {"other": 1}
        side = job.sides["head"].model_copy(update={what: value})
        changed = {"sides": {**job.sides, "head": side}}
    return plan.model_copy(update={"jobs": (job.model_copy(update=changed),)})


@pytest.mark.parametrize("what", ["recipe", "config", "data_config", "code", "gate"])
def test_it_ends_with_a_push_that_changes_the_case(branch, results, what):
    conclude(branch, results, make_plan(), ask(ACCEPTED))
    changed = change_case(make_plan(), what)
    assert conclude(branch, results, changed, ask()).conclusion == "failure"


def test_it_holds_in_its_own_pull_request_only(branch, results):
    conclude(branch, results, make_plan(), ask(ACCEPTED))
    assert conclude(branch, results, make_plan(), ask(number=2)).conclusion == "failure"


def test_missing_results_cannot_be_accepted(branch, tmp_path):
    report = conclude(branch, tmp_path, make_plan(), ask(ACCEPTED))
    assert report.conclusion == "action_required"


def test_history_is_kept_once_for_each_run(branch, tmp_path):
    report = judge(tmp_path, {"m0.qat": make_result(tmp_path)})
    for minute in range(2):
        keep_history(branch, report, 7, NOW.replace(minute=minute))
    file = history_file("m0.qat")
    (line,) = parse_history(branch.read(file)[file])
    assert (line.case, line.commit, line.metric) == ("m0.qat", report.head, "mIoU")
    assert 80 < line.compressed_points.value < 95


def test_lines_of_other_versions_are_left_alone():
    assert list(parse_history(['{"schema": "slimgate.history/9"}', "nonsense", ""])) == []
