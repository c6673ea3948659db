"""The gate: no way from something missing to a pass; headlines and next steps in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.result import Failed, NotMeasured
from bot.judge.assemble import build_report
from bot.judge.gate import conclude, conclude_case, summarise
from bot.judge.results import load_results
from bot.plan.values import REQUESTED, Affected, Skipped
from compress.manifest import Weights
from tests.bot.builders import QUALITY, judge, make_plan, make_result, write_results


def report_on(folder, plan=None, **options):
    return judge(folder, {"m0.qat": make_result(folder, **options)}, plan)


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """A case that passed."""
    return report_on(tmp_path_factory.mktemp("results")).cases[0]


@pytest.mark.parametrize(
    ("options", "conclusion", "exit_code"),
    [
        ({}, "success", 0),
        ({"quality": {"head qat": 0.85}}, "failure", 1),
        ({"quality": {"base qat": 0.85, "head qat": 0.85}}, "failure", 1),  # against fp32
        ({"measured": False}, "neutral", 3),
        ({"failures": ("head qat",)}, "action_required", 3),
        ({"failures": ("base fp32",)}, "action_required", 3),
        ({"failures": tuple(QUALITY)}, "action_required", 3),
        ({"quality": dict.fromkeys(QUALITY, 0.26)}, "action_required", 3),  # near chance
    ],
)
def test_conclusions(tmp_path, options, conclusion, exit_code):
    report = report_on(tmp_path, **options)
    assert (report.conclusion, report.exit_code) == (conclusion, exit_code)


@pytest.mark.parametrize(
    ("options", "headline"),
    [
        ({}, "accuracy within its limits"),
        ({"measured": False}, "accuracy not measured: no weights; latency and size are"),
        ({"failures": ("head qat",)}, "head qat: compress: the worker was killed by SIGKILL"),
        (
            {"quality": {"head qat": 0.8}},
            "compressed: head against base: accuracy fell by 13.53 points, limit 0.5",
        ),
    ],
)
def test_a_headline_says_what_decided(tmp_path, options, headline):
    assert report_on(tmp_path, **options).cases[0].headline == headline


def test_a_missing_result_never_passes(tmp_path):
    report = report_on(tmp_path, make_plan(2))
    assert report.conclusion == "action_required"
    assert report.headline == "Incomplete: m1.qat."
    assert report.next_step == "no usable result: no result arrived. Fix this and run again."


def test_a_reason_that_ends_a_sentence_gets_no_second_full_stop(tmp_path):
    result = make_result(tmp_path, failures=("head qat",))
    variants = tuple(
        variant.model_copy(update={"message": "4 bits."})
        if isinstance(variant, Failed)
        else variant
        for variant in result.variants
    )
    report = judge(tmp_path, {"m0.qat": result.model_copy(update={"variants": variants})})
    assert report.next_step == "head qat: compress: 4 bits. Fix this and run again."


def test_a_result_that_lacks_a_variant_never_passes(tmp_path):
    result = make_result(tmp_path)
    short = result.model_copy(update={"variants": result.variants[:-1]})
    report = judge(tmp_path, {"m0.qat": short})
    assert report.conclusion == "action_required"
    assert report.cases[0].headline == "the result lacks head qat"


def test_one_accuracy_that_was_not_measured_never_passes(tmp_path):
    result, bare = make_result(tmp_path), make_result(tmp_path, measured=False)
    variants = (*result.variants[:-1], bare.variants[-1])
    report = judge(tmp_path, {"m0.qat": result.model_copy(update={"variants": variants})})
    assert report.conclusion == "action_required"
    assert report.cases[0].headline == "head qat: not measured: no weights"


@pytest.mark.parametrize("side", ["base", "head"])
def test_one_side_without_accuracy_never_passes(tmp_path, side):
    """A change of the data set's folder can take away head's accuracy alone."""
    result, absent = make_result(tmp_path), NotMeasured(reason="no data at data/nowhere")
    variants = tuple(
        v.model_copy(update={"accuracy": absent}) if v.side == side else v for v in result.variants
    )
    result = result.model_copy(update={"variants": variants})
    report = judge(tmp_path, {"m0.qat": result})
    assert (report.conclusion, report.exit_code) == ("action_required", 3)
    assert report.cases[0].headline == f"{side} fp32: not measured: no data at data/nowhere"


def test_accuracies_without_a_verdict_never_pass(tmp_path):
    case = report_on(tmp_path).cases[0]
    (job,) = make_plan().jobs
    loaded = load_results(make_plan(), tmp_path)["m0.qat"]
    measured = list(loaded.result.variants)
    assert conclude_case(job, loaded, measured, (), case.comparisons)[0] == "success"
    assert conclude_case(job, loaded, measured, (), ()) == ("action_required", "nothing to compare")


def unfit(folder, *names):
    """A result in which the weights do not fit the sides of these variants."""
    misfit = NotMeasured(
        reason="weights do not fit", details="6 of 214 arrays (a: not in the file)", blocking=True
    )
    result = make_result(folder, quality={"head qat": 0.5})
    variants = tuple(
        v.model_copy(update={"accuracy": misfit}) if str(v.variant) in names else v
        for v in result.variants
    )
    return result.model_copy(update={"variants": variants})


@pytest.mark.parametrize("sides", [("head",), ("base",), ("base", "head")])
@pytest.mark.parametrize(
    "weights", [Weights(path="m.pdparams"), Weights(url="https://x.y/m.pdparams")]
)
def test_weights_that_do_not_fit_never_pass_and_are_no_regression(tmp_path, sides, weights):
    plan = make_plan()
    job = plan.jobs[0].model_copy(update={"weights": weights})
    names = [f"{side} {recipe}" for side in sides for recipe in ("fp32", "qat")]
    result = unfit(tmp_path, *names)
    if sides == ("base",):  # head alone is compared with its own fp32
        fine = make_result(tmp_path)
        result = result.model_copy(update={"variants": (*result.variants[:2], *fine.variants[2:])})
    report = judge(tmp_path, {"m0.qat": result}, plan.model_copy(update={"jobs": (job,)}))
    (case,) = report.cases
    assert (report.conclusion, report.exit_code) == ("action_required", 3)
    assert case.headline == (
        f"{' and '.join(sides)}: accuracy not measured: weights do not fit: "
        "6 of 214 arrays (a: not in the file)"
    )
    assert report.next_step == f"{case.headline}. Fix this and run again."
    judged = {c.kind for c in case.comparisons if c.accuracy is not None}
    assert judged == ({"vs_fp32"} if sides == ("base",) else set())
    assert all(comparison.speedup for comparison in case.comparisons)


def test_a_runner_that_ignored_the_weights_never_passes(tmp_path):
    plan = make_plan()
    job = plan.jobs[0].model_copy(update={"weights": Weights(path="m.pdparams")})
    plan = plan.model_copy(update={"jobs": (job,)})
    report = report_on(tmp_path, plan, measured=False)
    assert report.conclusion == "action_required"
    assert report.cases[0].headline == "accuracy not measured: no weights"


def test_a_case_that_should_have_run_and_did_not_never_passes(tmp_path):
    skipped = (Skipped(case="x.qat", reason="too many", needed=True),)
    report = report_on(tmp_path, make_plan().model_copy(update={"skipped": skipped}))
    assert (report.conclusion, report.exit_code) == ("action_required", 3)
    assert report.headline == "Incomplete: 1 case did not run."
    assert report.next_step == "x.qat: too many."


def test_a_broken_config_is_counted_and_named():
    broken = Skipped(config="configs/a.yml", reason="bad input: model.type: no", needed=True)
    plan = make_plan().model_copy(update={"jobs": (), "skipped": (broken,)})
    assert summarise(plan, (), conclude(plan, ())) == (
        "Incomplete: 1 config did not run.",
        "configs/a.yml: bad input: model.type: no.",
    )
    case = Skipped(case="m.qat", reason="bad input", needed=True)
    more = plan.model_copy(update={"skipped": (broken, case, case)})
    assert summarise(more, (), "action_required")[0] == (
        "Incomplete: 3 cases and configs did not run."
    )


def test_a_collapse_of_head_alone_is_a_regression(tmp_path):
    report = report_on(tmp_path, quality={"head fp32": 0.1, "head qat": 0.1})
    assert report.conclusion == "failure"


def test_a_regression_outweighs_a_failure(tmp_path):
    report = report_on(tmp_path, quality={"head qat": 0.8}, failures=("base fp32",))
    assert report.conclusion == "failure"
    assert report.next_step == "Undo or correct the change in deploy/qat.yaml, then run again."


def test_a_regression_that_no_file_affects_blames_no_change(tmp_path):
    report = report_on(tmp_path, make_plan(because=REQUESTED), quality={"head qat": 0.8})
    assert report.next_step == (
        "No changed file affects m0.qat: look for the cause in configs/m.yml and its recipe, "
        "then run again."
    )


def test_a_regression_outweighs_a_missing_result(tmp_path):
    report = report_on(tmp_path, make_plan(2), quality={"head qat": 0.8})
    assert (report.conclusion, report.headline) == ("failure", "Accuracy regressed: m0.qat.")


def test_no_job_is_a_success_that_says_why(tmp_path):
    report = judge(tmp_path, {}, make_plan(0))
    assert report.conclusion == "success"
    assert report.headline == "Nothing to measure: the only affected config needs no run."
    nothing = judge(tmp_path, {}, make_plan(0).model_copy(update={"affected": ()}))
    assert nothing.headline == "Nothing to measure: no content differs."


def test_a_held_plan_waits_whatever_was_measured(case):
    plan = make_plan().model_copy(update={"held": "Read it first."})
    assert conclude(plan, (case,)) == "action_required"
    assert summarise(plan, (case,), "action_required") == (
        "Waiting for a maintainer.",
        "Read it first.",
    )


def test_a_neutral_report_says_what_to_provide(tmp_path):
    report = report_on(tmp_path, measured=False)
    assert report.headline == "Accuracy could not be judged: m0.qat."
    assert report.next_step.startswith("Provide weights and data to gate on accuracy")


def test_many_cases_are_counted_and_only_three_are_named(case):
    bad = case.model_copy(update={"conclusion": "failure"})
    headline, _ = summarise(make_plan(), (bad,) * 4, "failure")
    assert headline == "Accuracy regressed: m0.qat, m0.qat, m0.qat, …."
    headline, _ = summarise(make_plan(), (case, case), "success")
    assert headline == "Accuracy is within its limits for all 2 affected cases."


CONCLUSIONS = ("failure", "action_required", "neutral", "success")


@given(st.lists(st.sampled_from(CONCLUSIONS), max_size=5), st.booleans(), st.booleans())
def test_the_worst_conclusion_counts(case, conclusions, needed, held):
    """Worst first; a held plan waits, and a needed case that was skipped is incomplete."""
    plan = make_plan().model_copy(
        update={
            "held": "waits" if held else None,
            "skipped": (Skipped(case="x", reason="r", needed=needed),),
        }
    )
    cases = tuple(case.model_copy(update={"conclusion": item}) for item in conclusions)
    candidates = [*conclusions, "success", *(["action_required"] if needed else [])]
    expected = "action_required" if held else min(candidates, key=CONCLUSIONS.index)
    assert conclude(plan, cases) == expected


def test_every_kind_of_runner_has_to_pass(tmp_path):
    good, bad = tmp_path / "cpu", tmp_path / "gpu"
    for folder, quality in ((good, {}), (bad, {"head qat": 0.8})):
        folder.mkdir()
        write_results(folder, {"m0.qat": make_result(folder, quality=quality)})
    plan = make_plan()
    loaded = {folder.name: load_results(plan, folder) for folder in (good, bad)}
    report = build_report(plan, loaded)
    assert report.conclusion == "failure"
    assert report.headline == "Accuracy regressed: m0.qat on gpu."


@pytest.mark.parametrize(
    ("impacts", "conclusion", "headline"),
    [
        (["graph", "training"], "neutral", "Not measured: changed code affects 1 model, and"),
        (["graph", "evaluation"], "neutral", "Not measured: changed code affects 2 models, and"),
        (["training"], "success", "Nothing to measure: the only affected config needs no run."),
        ([], "success", "Nothing to measure: no model uses the code that differs."),
    ],
)
def test_code_that_affects_models_which_are_not_measured_is_no_pass(impacts, conclusion, headline):
    affected = tuple(
        Affected(
            config=f"{number}.yml",
            change="code",
            reasons=(),
            keys=(),
            impact=impact,
            code_impacts=(impact,),
        )
        for number, impact in enumerate(impacts)
    )
    plan = make_plan().model_copy(
        update={"jobs": (), "affected": affected, "code_changes": ("s/nets.py",)}
    )
    assert conclude(plan, ()) == conclusion
    assert summarise(plan, (), conclusion)[0].startswith(headline)
