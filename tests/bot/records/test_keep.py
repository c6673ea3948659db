"""Accepted regressions and the history of cases, in a data branch of real git."""

from datetime import datetime, timezone

import pytest

from bot.judge.acceptance import FILE, Acceptance
from bot.judge.assemble import build_report
from bot.judge.report_files import regressed_cases
from bot.judge.results import load_results
from bot.plan.request import AcceptedModel, RunRequest
from bot.records.keep import keep_acceptances, keep_history, read_history
from tests.bot.builders import judge, make_plan, make_result, write_results

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
CASES = ("m0.qat", "m1.qat", "m2.qat")
ACCEPTED = (AcceptedModel(model="m0", reason="as agreed", author="ann"),)


@pytest.fixture
def results(tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    write_results(folder, {"m0.qat": make_result(folder, quality={"head qat": 0.8})})
    return folder


def request(accepted=(), number=1):
    return RunRequest(
        origin="acceptance", number=number, base="main", head="b" * 40, accepted=accepted
    )


def conclude(branch, results, plan, run):
    acceptances = keep_acceptances(branch, run, plan, regressed_cases(plan, {"cpu": results}))
    return build_report(plan, {"cpu": load_results(plan, results)}, acceptances)


def test_an_accepted_regression_passes_and_says_so(branch, results):
    report = conclude(branch, results, make_plan(), request(ACCEPTED))
    assert report.conclusion == "success"
    assert "accepted by a maintainer" in report.headline
    assert "accepted by ann: as agreed" in report.cases[0].headline


def test_an_acceptance_holds_for_the_next_push_that_leaves_the_case_alone(branch, results):
    conclude(branch, results, make_plan(), request(ACCEPTED))
    assert conclude(branch, results, make_plan(), request()).conclusion == "success"


def test_an_acceptance_holds_in_the_merge_queue_for_the_same_content_only(branch, results):
    conclude(branch, results, make_plan(), request(ACCEPTED))
    queue = RunRequest(origin="queue", number=None, base="main", head="b" * 40)
    assert conclude(branch, results, make_plan(), queue).conclusion == "success"
    assert keep_acceptances(branch, queue, make_plan(), CASES)[0].number == 1
    branch_run = queue.model_copy(update={"origin": "branch"})
    assert conclude(branch, results, make_plan(), branch_run).conclusion == "failure"
    changed = change_case(make_plan(), "code")
    assert conclude(branch, results, changed, queue).conclusion != "success"


def change_case(plan, part):
    """The plan with another content of its case."""
    job = plan.jobs[0]
    if part == "gate":
        changed = {"gate": job.gate.model_copy(update={"max_drop_vs_base_points": 0.1})}
    else:
        value = "other" if part == "code" else {"other": 1}
        side = job.sides["head"].model_copy(update={part: value})
        changed = {"sides": {**job.sides, "head": side}}
    return plan.model_copy(update={"jobs": (job.model_copy(update=changed),)})


@pytest.mark.parametrize("part", ["recipe", "config", "data_config", "code", "gate"])
def test_an_acceptance_ends_with_a_push_that_changes_the_case(branch, results, part):
    conclude(branch, results, make_plan(), request(ACCEPTED))
    changed = change_case(make_plan(), part)
    assert conclude(branch, results, changed, request()).conclusion == "failure"


def test_an_acceptance_holds_in_its_own_pull_request_only(branch, results):
    conclude(branch, results, make_plan(), request(ACCEPTED))
    assert conclude(branch, results, make_plan(), request(number=2)).conclusion == "failure"


def test_missing_results_cannot_be_accepted(branch, tmp_path):
    report = conclude(branch, tmp_path / "nothing", make_plan(), request(ACCEPTED))
    assert report.conclusion == "action_required"
    assert branch.read(Acceptance, FILE)[FILE] == []


def test_a_regression_that_was_measured_after_it_was_accepted_does_not_pass(branch, results):
    conclude(branch, results / "nothing", make_plan(), request(ACCEPTED))
    assert conclude(branch, results, make_plan(), request()).conclusion == "failure"


def test_a_case_within_its_limits_is_not_accepted_in_advance(branch, results, tmp_path):
    good = tmp_path / "good"
    good.mkdir()
    write_results(good, {"m0.qat": make_result(good)})
    assert conclude(branch, good, make_plan(), request(ACCEPTED)).conclusion == "success"
    assert conclude(branch, results, make_plan(), request()).conclusion == "failure"


def test_history_is_kept_once_for_each_run(branch, tmp_path):
    report = judge(tmp_path, {"m0.qat": make_result(tmp_path)})
    for minute in range(2):
        keep_history(branch, report, 7, NOW.replace(minute=minute))
    (line,) = read_history(branch, ["m0.qat"])["m0.qat"]
    assert (line.case, line.commit, line.metric) == ("m0.qat", report.head, "mIoU")
    assert 80 < line.compressed_points.value < 95


def test_an_acceptance_is_recorded_once(branch):
    for _ in range(2):
        (acceptance,) = keep_acceptances(branch, request(ACCEPTED), make_plan(), CASES)
    assert (acceptance.number, acceptance.case, acceptance.author) == (1, "m0.qat", "ann")
    assert len(branch.read(Acceptance, FILE)[FILE]) == 1


def test_an_acceptance_with_a_line_separator_in_its_reason_holds(branch, results):
    reason = AcceptedModel(model="m0", reason="as\u2028agreed\x85", author="ann")
    report = conclude(branch, results, make_plan(), request((reason,)))
    assert report.conclusion == "success"
    assert conclude(branch, results, make_plan(), request()).conclusion == "success"


def test_bytes_of_somebody_else_stop_no_publication(branch, put, results):
    put(lambda folder: (folder / FILE).write_bytes(b"\xff\xfe\n{\n"))
    report = conclude(branch, results, make_plan(), request(ACCEPTED))
    assert report.conclusion == "success"


def test_acceptances_of_all_cases_of_the_model_and_of_no_other_are_recorded(branch):
    assert [a.case for a in keep_acceptances(branch, request(ACCEPTED), make_plan(3), CASES)] == [
        "m0.qat"
    ]


def test_without_a_pull_request_nothing_is_accepted(branch):
    acceptances = keep_acceptances(branch, request(ACCEPTED, number=None), make_plan(), CASES)
    assert (acceptances, branch.read(Acceptance, FILE)[FILE]) == ([], [])


def test_what_was_measured_of_a_head_counts_for_the_commit_that_it_became(branch, tmp_path):
    report = judge(tmp_path, {"m0.qat": make_result(tmp_path)})
    keep_history(branch, report, 7, NOW, merged_as="c" * 40)
    (line,) = read_history(branch, ["m0.qat"])["m0.qat"]
    assert (line.commit, line.run_id, line.date) == ("c" * 40, 7, NOW)


def test_a_case_that_was_not_measured_leaves_no_line(branch, tmp_path):
    plan = make_plan(2)
    results = {
        "m0.qat": make_result(tmp_path),
        "m1.qat": make_result(tmp_path, "m1.qat", failures=("head qat",)),
    }
    keep_history(branch, judge(tmp_path, results, plan), 7, NOW)
    lengths = {case: len(lines) for case, lines in read_history(branch, CASES).items()}
    assert lengths == {"m0.qat": 1, "m1.qat": 0, "m2.qat": 0}


def test_another_run_adds_a_line(branch, tmp_path):
    report = judge(tmp_path, {"m0.qat": make_result(tmp_path)})
    for run in (7, 8, 7):
        keep_history(branch, report, run, NOW)
    assert [line.run_id for line in read_history(branch, ["m0.qat"])["m0.qat"]] == [7, 8]
