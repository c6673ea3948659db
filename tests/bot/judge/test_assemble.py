"""The report that is assembled from a plan and results: every number, finding and command."""

import shlex

import pytest

from bench.programs import PROGRAMS
from bench.result import JobResult, Stopped
from bot.judge.acceptance import Acceptance, case_hash
from bot.judge.assemble import REGRESSION, build_report, unplanned_report
from bot.judge.results import load_results
from bot.plan.request import RunRequest
from bot.plan.values import Affected, ChangedLine, Reason
from core.schema import load_json, write_json
from tests.bot.builders import (
    CHANGE,
    SHAPE,
    compared,
    judge,
    make_plan,
    make_result,
    plan_candidates,
    write_results,
)

LINE = ChangedLine(
    file="deploy/qat.yaml", line=3, text="  weight_bits: 4", before="  weight_bits: 8"
)
BAD = {"head qat": 0.8}


def report_on(folder, plan=None, **options):
    return judge(folder, {"m0.qat": make_result(folder, **options)}, plan)


def test_results_survive_storage(tmp_path):
    result = make_result(tmp_path)
    write_json(tmp_path / "r.json", result)
    assert load_json(JobResult, tmp_path / "r.json") == result


def test_numbers_of_a_variant_come_from_its_samples(tmp_path):
    before = report_on(tmp_path).cases[0].before
    assert before.accuracy_points.value == pytest.approx(100 * 900 / 1100, abs=0.1)  # IoU
    assert before.accuracy_points.low < before.accuracy_points.value < before.accuracy_points.high
    assert (before.images, before.metric, before.runs) == (150, "mIoU", 100)
    assert before.latency_ms.value == pytest.approx(4, abs=0.05)
    assert before.latency_mean_ms == pytest.approx(4, abs=0.05)
    assert (before.size_bytes, before.peak_memory_bytes) == (10**6, 10**8)
    assert (before.accuracy_missing, before.latency_missing) == (None, None)


def test_another_input_size_of_head_is_remarked(tmp_path):
    def report(shape):
        plan = make_plan()
        sides = plan.jobs[0].sides
        head = sides["head"].model_copy(update={"input_shape": shape})
        job = plan.jobs[0].model_copy(update={"sides": {**sides, "head": head}})
        write_results(tmp_path, {job.id: make_result(tmp_path)})
        plan = plan.model_copy(update={"jobs": (job,)})
        return build_report(plan, {"cpu": load_results(plan, tmp_path)}).cases[0]

    remark = "its input is 1x3x4x6; base's is 1x3x8x8"
    sides = {variant.side for variant in report((1, 3, 4, 6)).variants if remark in variant.remarks}
    assert sides == {"head"}
    assert "its input" not in report(SHAPE).model_dump_json()


def test_only_a_proof_gives_counts_of_low_precision(tmp_path):
    case = report_on(tmp_path).cases[0]
    assert (case.before.low_precision, case.before.int8_ops) == (None, {})
    assert (case.after.low_precision, case.after.int8_ops) == ("int8", {"fused_conv2d": (4, 5)})


def test_what_was_not_measured_says_why(tmp_path):
    result = make_result(tmp_path, measured=False)
    stopped = Stopped(stage="latency", kind="timeout", message="too slow", log_tail="")
    slow = result.variants[-1].model_copy(update={"latency": stopped})
    result = result.model_copy(update={"variants": (*result.variants[:-1], slow)})
    after = judge(tmp_path, {"m0.qat": result}).cases[0].after
    assert (after.accuracy_points, after.latency_ms, after.latency_mean_ms) == (None, None, None)
    assert after.accuracy_missing == "not measured: no weights"
    assert after.latency_missing == "failed at latency"
    assert (after.runs, after.peak_memory_bytes) == (0, None)


def test_a_case_without_a_result_knows_nothing(tmp_path):
    case = judge(tmp_path, {}).cases[0]
    assert (case.variants, case.machine) == ((), None)
    assert (case.weights, case.data) == ("unknown", "unknown")
    assert case.published == make_plan().jobs[0].published


def test_a_regression_is_found_at_every_changed_line_through_which_it_came(tmp_path):
    elsewhere = LINE.model_copy(update={"file": "configs/other.yml"})
    plan = make_plan().model_copy(update={"changed_lines": (LINE, elsewhere)})
    (finding,) = report_on(tmp_path, plan, quality=BAD).cases[0].findings
    assert (finding.code, finding.severity) == (REGRESSION, "error")
    assert (finding.file, finding.line, finding.fix) == (LINE.file, 3, LINE.before)
    assert finding.message.startswith("m0.qat: compressed: head against base: accuracy fell by")
    assert finding.message.endswith("This line was: weight_bits: 8")


def test_a_regression_through_a_base_is_found_in_the_base(tmp_path):
    line = LINE.model_copy(update={"file": "configs/_base_/data.yml"})
    affected = Affected(
        config="deploy/qat.yaml",
        change="modified",
        reasons=(Reason(changed=line.file),),
        keys=(),
        impact="compression",
    )
    plan = make_plan().model_copy(update={"changed_lines": (line,), "affected": (affected,)})
    (finding,) = report_on(tmp_path, plan, quality=BAD).cases[0].findings
    assert finding.file == line.file


def test_a_success_has_no_findings(tmp_path):
    plan = make_plan().model_copy(update={"changed_lines": (LINE,)})
    assert report_on(tmp_path, plan).cases[0].findings == ()


def accept(plan, **changes):
    job = plan.jobs[0]
    facts = {"number": 1, "case": job.id, "case_hash": case_hash(job)}
    return Acceptance(**{**facts, "reason": "as agreed", "author": "ann", **changes})


def judge_accepted(folder, acceptance, quality=BAD, failures=()):
    plan = make_plan().model_copy(update={"changed_lines": (LINE,)})
    write_results(folder, {"m0.qat": make_result(folder, quality=quality, failures=failures)})
    return build_report(plan, {"cpu": load_results(plan, folder)}, [acceptance])


def test_an_accepted_regression_passes_says_so_and_points_at_no_line(tmp_path):
    report = judge_accepted(tmp_path, accept(make_plan()))
    case = report.cases[0]
    assert (report.conclusion, case.accepted, case.findings) == ("success", True, ())
    assert case.headline.startswith("regression accepted by ann: as agreed (compressed: head")
    assert report.headline == "Regressed, and accepted by a maintainer: m0.qat."


def test_what_failed_beside_an_accepted_regression_does_not_pass(tmp_path):
    report = judge_accepted(tmp_path, accept(make_plan()), failures=("base fp32",))
    case = report.cases[0]
    assert (report.conclusion, case.accepted, case.findings) == ("action_required", False, ())
    assert case.headline.startswith(
        "base fp32: compress: the worker was killed by SIGKILL; regression accepted by ann: as"
    )


def test_an_acceptance_of_another_content_does_not_count(tmp_path):
    report = judge_accepted(tmp_path, accept(make_plan(), case_hash="0" * 64))
    assert report.conclusion == "failure"
    assert not report.cases[0].accepted


def test_an_acceptance_changes_nothing_without_a_regression(tmp_path):
    case = judge_accepted(tmp_path, accept(make_plan()), quality={}).cases[0]
    assert (case.accepted, case.headline) == (False, "accuracy within its limits")


def test_a_kind_without_results_or_left_out_does_not_pass(tmp_path):
    plan = make_plan()
    write_results(tmp_path, {"m0.qat": make_result(tmp_path)})
    good = load_results(plan, tmp_path)
    assert build_report(plan, {"cpu": good}).conclusion == "success"
    missing = build_report(plan, {"cpu": good, "gpu": load_results(plan, tmp_path / "no")})
    assert (missing.conclusion, missing.headline) == (
        "action_required",
        "Incomplete: m0.qat on gpu.",
    )
    partial = build_report(plan, {"cpu": good}, left_out=("gpu",))
    assert partial.conclusion == "action_required"
    assert "every case on the runner gpu" in partial.next_step
    assert build_report(make_plan(0), {"cpu": {}}, left_out=("gpu",)).conclusion == "success"


def test_machines_are_listed_once_and_cases_name_theirs(tmp_path):
    plan = make_plan(2)
    results = {job.id: make_result(tmp_path, job=job.id) for job in plan.jobs}
    report = judge(tmp_path, results, plan)
    (identity,) = report.machines
    assert {case.machine for case in report.cases} == {identity}


def test_the_command_reproduces_the_case_with_its_options(tmp_path):
    plan = make_plan().model_copy(update={"manifest_name": "my suite.yml", "data": "/my data"})
    words = shlex.split(report_on(tmp_path, plan).cases[0].reproduce)
    assert words == [
        *("slimgate", "run", "--suite", "my suite.yml", "--repo", "."),
        *("--base", "a" * 12, "--head", "b" * 12, "--models", "m0", "--budget", "quick"),
        *("--data", "/my data", "--out", "out"),
    ]


def test_changed_code_is_named_only_if_something_was_measured(tmp_path):
    changed = {"code_changes": ("paddleseg/a.py",)}
    measured = report_on(tmp_path, make_plan().model_copy(update=changed))
    assert measured.code_changes == ("paddleseg/a.py",)
    assert judge(tmp_path, {}, make_plan(0).model_copy(update=changed)).code_changes == ()


def test_a_change_that_cannot_be_planned_is_reported_with_its_problem():
    request = RunRequest(origin="push", number=1, base="main", head="b" * 40, budget="full")
    report = unplanned_report(request, "configs/m.yml: not valid YAML")
    assert (report.conclusion, report.exit_code) == ("action_required", 3)
    assert report.headline == "This change cannot be planned."
    assert report.next_step == "configs/m.yml: not valid YAML"
    assert (report.base, report.head, report.budget) == ("main", "b" * 40, "full")
    pinned = request.model_copy(update={"base_commit": "c" * 40})
    assert unplanned_report(pinned, "").base == "c" * 40  # names of branches would be cut


def test_a_case_that_code_affects_names_the_code(tmp_path):
    plan = plan_candidates("a", jobs=1)
    bad = make_result(tmp_path, quality={"head qat": 0.8})
    write_json(tmp_path / PROGRAMS, compared(a=CHANGE))
    report = judge(tmp_path, {"m0.qat": bad}, plan)
    assert report.cases[0].because == ("net.py",)
    assert report.next_step == "Undo or correct the change in net.py, then run again."
