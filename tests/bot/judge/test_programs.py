"""What runners say of programs: judged, or missing where it is not of this plan."""

import json
import os

import pytest

from bench.programs import PROGRAMS
from bot.judge.assemble import build_report
from bot.judge.programs import load_programs
from bot.report.bounded_json import render_json
from compress.programs.changes import OpChange, SettingChange
from core.schema import dump_json, write_json
from tests.bot.builders import CHANGE, compared, judge, make_result, plan_candidates


def report_on(folder, plan, result, **results):
    if result is not None:
        write_json(folder / PROGRAMS, result)
    return judge(folder, results, plan)


def outcomes(report):
    return {p.config_file.removeprefix("configs/"): p.outcome for p in report.programs}


def test_equal_programs_leave_nothing_to_measure(tmp_path):
    plan = plan_candidates("a", "b", jobs=1)
    report = report_on(tmp_path, plan, compared(a=None, b=None))
    assert (report.conclusion, report.exit_code, report.cases) == ("success", 0, ())
    assert report.headline == (
        "Nothing to measure: changed code leaves the programs of 2 models as they were."
    )
    assert outcomes(report) == {"a.yml": "same", "b.yml": "same"}


def test_a_sample_of_the_models_is_called_one(tmp_path):
    plan = plan_candidates("a", "b")
    plan = plan.model_copy(update={"candidates": plan.candidates[:1]})
    report = report_on(tmp_path, plan, compared(a=None))
    assert "the programs of 1 of 2 models as they were" in report.headline
    assert report.conclusion == "success"


def test_equal_programs_settle_nothing_where_images_are_read_otherwise(tmp_path):
    plan = plan_candidates("a", settles=False)
    report = report_on(tmp_path, plan, compared(a=None))
    assert (report.conclusion, report.exit_code) == ("neutral", 3)
    assert report.headline.startswith("Not measured: changed code affects 1 model")


def test_equal_programs_do_not_stand_in_for_a_result_where_they_settle_nothing(tmp_path):
    report = report_on(tmp_path, plan_candidates("a", jobs=1, settles=False), compared(a=None))
    assert report.conclusion == "action_required"
    assert "no usable result" in report.cases[0].headline


def test_a_job_that_somebody_asked_for_is_never_settled(tmp_path):
    plan = plan_candidates("a", jobs=1)
    asked = tuple(job.model_copy(update={"only_by_code": False}) for job in plan.jobs)
    report = report_on(tmp_path, plan.model_copy(update={"jobs": asked}), compared(a=None))
    assert report.conclusion == "action_required"


def test_altered_programs_are_judged_by_the_job_that_measures_them(tmp_path):
    plan = plan_candidates("a", "b", "c", jobs=1)
    result = compared(a=CHANGE, b=CHANGE, c=None)
    report = report_on(tmp_path, plan, result, **{"m0.qat": make_result(tmp_path)})
    assert (report.conclusion, len(report.cases)) == ("success", 1)
    assert report.headline == (
        "Accuracy is within its limits for the one affected case; the program of 1 model is the "
        "same."
    )
    bad = make_result(tmp_path, quality={"head qat": 0.8})
    assert report_on(tmp_path, plan, result, **{"m0.qat": bad}).conclusion == "failure"


def test_altered_programs_that_no_job_measures_are_no_pass(tmp_path):
    report = report_on(tmp_path, plan_candidates("a", "b"), compared(a=CHANGE, b=None))
    assert (report.conclusion, report.exit_code) == ("neutral", 3)
    assert report.headline == "Not measured: changed code alters the programs of 1 model."


def test_an_altered_program_needs_a_measured_one_beside_it(tmp_path):
    """Equal programs of a model that was measured for another reason stand for no altered one."""
    plan = plan_candidates("a", "b", jobs=1)
    asked = tuple(job.model_copy(update={"only_by_code": False}) for job in plan.jobs)
    plan = plan.model_copy(update={"jobs": asked})
    results = {"m0.qat": make_result(tmp_path)}
    report = report_on(tmp_path, plan, compared(a=None, b=CHANGE), **results)
    assert report.conclusion == "neutral"
    assert report.headline == "Not measured: changed code alters the programs of 1 model."


@pytest.mark.parametrize(
    ("sides", "outcome", "conclusion"),
    [
        (("head",), "fails", "action_required"),
        (("base",), "failed before", "success"),
        (("base", "head"), "failed before", "success"),
    ],
)
def test_a_model_that_can_no_longer_be_exported_is_no_pass(tmp_path, sides, outcome, conclusion):
    report = report_on(tmp_path, plan_candidates("a", "b"), compared(a=sides, b=None))
    assert outcomes(report) == {"a.yml": outcome, "b.yml": "same"}
    assert report.conclusion == conclusion
    if outcome == "fails":
        assert report.headline == "Incomplete: 1 model cannot be exported any more."
        assert report.next_step == (
            "configs/a.yml: export: TypeError on head. Fix this and run again."
        )


def test_nothing_is_known_where_base_cannot_be_exported(tmp_path):
    report = report_on(tmp_path, plan_candidates("a"), compared(a=("base", "head")))
    assert report.conclusion == "neutral"


def test_a_side_that_took_too_long_is_no_broken_one(tmp_path):
    result = compared(kind="timeout", a=("base", "head"), b=None)
    report = report_on(tmp_path, plan_candidates("a", "b"), result)
    assert outcomes(report) == {"a.yml": "missing", "b.yml": "same"}
    assert report.conclusion == "action_required"


def test_equal_programs_settle_no_more_than_they_use(tmp_path):
    plan = plan_candidates("a", "b", uses={"a": (0, 1), "b": (0,)})
    report = report_on(tmp_path, plan, compared(a=("base",), b=None))
    assert (report.conclusion, report.headline) == (
        "neutral",
        "Not measured: changed code affects 2 models; equal programs do not settle all.",
    )
    assert report_on(tmp_path, plan, compared(a=None, b=("base",))).conclusion == "success"


def test_a_measured_model_stands_for_those_that_use_no_more(tmp_path):
    plan = plan_candidates("a", "b", "c", jobs=1, uses={"a": (0, 1), "b": (0,), "c": (2,)})
    results = {"m0.qat": make_result(tmp_path)}
    same = report_on(tmp_path, plan, compared(a=CHANGE, b=CHANGE, c=None), **results)
    assert same.conclusion == "success"
    other = report_on(tmp_path, plan, compared(a=CHANGE, b=CHANGE, c=CHANGE), **results)
    assert other.conclusion == "neutral"
    assert other.headline == "Not measured: changed code alters the programs of 1 model."


def test_code_that_took_part_in_comparing_is_named(tmp_path):
    plan = plan_candidates("a").model_copy(update={"code_changes": ("net.py",)})
    report = report_on(tmp_path, plan, compared(a=None))
    assert (report.conclusion, report.code_changes) == ("success", ("net.py",))


def test_a_kind_of_runner_that_was_left_out_does_not_pass_without_jobs_either(tmp_path):
    plan = plan_candidates("a")
    write_json(tmp_path / PROGRAMS, compared(a=None))
    programs = {"cpu": load_programs(plan, tmp_path)}
    report = build_report(plan, {"cpu": {}}, left_out=("gpu",), programs=programs)
    assert report.conclusion == "action_required"


def test_the_largest_result_can_be_read(tmp_path):
    names = [f"{n:03}" + "n" * 80 for n in range(400)]
    settings = tuple(
        SettingChange(name="s" * 200, before="b" * 60, after="a" * 60) for _ in range(4)
    )
    item = OpChange(before="o" * 40, after="o" * 40, settings=settings, places=("p" * 200,) * 3)
    change = CHANGE.model_copy(update={"changes": (item,) * 8})
    plan = plan_candidates(*names)
    write_json(tmp_path / PROGRAMS, compared(**dict.fromkeys(names, change)))
    loaded = load_programs(plan, tmp_path)
    assert (loaded.problem, len(loaded.compared)) == ("", 400)


def test_a_model_that_was_not_compared_is_no_pass(tmp_path):
    report = report_on(tmp_path, plan_candidates("a", "b"), compared(a=None))
    assert outcomes(report) == {"a.yml": "same", "b.yml": "missing"}
    assert (report.conclusion, report.headline) == (
        "action_required",
        "Incomplete: 1 model not compared.",
    )


def hostile(folder, name):
    good = dump_json(compared(a=None))
    path = folder / PROGRAMS
    if name == "link":
        (folder / "elsewhere.json").write_text(good)
        path.symlink_to(folder / "elsewhere.json")
    elif name == "fifo":
        os.mkfifo(path)
    elif name == "large":
        path.write_text(good + " " * 2**24)
    elif name == "another commit":
        path.write_text(good.replace("b" * 40, "c" * 40))
    elif name == "unplanned":
        path.write_text(dump_json(compared(a=None, z=None)))
    elif name == "twice":
        data = json.loads(good)
        path.write_text(json.dumps({**data, "candidates": data["candidates"] * 2}))
    else:
        path.write_bytes(name)


@pytest.mark.parametrize(
    "name",
    [
        *("link", "fifo", "large", "another commit", "unplanned", "twice"),
        *(b"", b"[]", b"{}", b"\xff", b"[" * 10**5, b'{"candidates": NaN}'),
    ],
)
def test_what_is_not_of_the_plan_is_missing(tmp_path, name):
    plan = plan_candidates("a")
    hostile(tmp_path, name)
    loaded = load_programs(plan, tmp_path)
    assert loaded.compared == {}
    assert loaded.problem
    assert judge(tmp_path, {}, plan).conclusion == "action_required"


def test_a_runner_that_stopped_says_why(tmp_path):
    (tmp_path / "problem.txt").write_text("the disk is full")
    loaded = load_programs(plan_candidates("a"), tmp_path)
    assert loaded.problem == "no result arrived; the runner said: the disk is full"


def test_nothing_is_read_for_a_plan_without_candidates(tmp_path):
    (tmp_path / PROGRAMS).write_text("{")
    assert not load_programs(plan_candidates(), tmp_path).problem


def test_a_report_that_is_too_large_loses_the_changes_first(tmp_path):
    plan = plan_candidates(*(f"m{n}" for n in range(200)))
    result = compared(**{f"m{n}": CHANGE for n in range(200)})
    report = report_on(tmp_path, plan, result)
    text = render_json(report, len(dump_json(report, indent=1)) * 2 // 3)
    assert json.loads(text)["programs"][0]["change"] is None
