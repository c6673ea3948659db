"""Which variants are compared with which, and when there is no verdict."""

import pytest

from bench.result import Measured
from bench.variant import FP32, Variant
from bot.judge.comparisons import compare_variants, planned_pairs, score_variants
from bot.judge.results import Unusable, load_results
from tests.bot.builders import QUALITY, SHAPE, make_plan, make_result, write_results


def compare(folder, edit=None, recounted=(), head_shape=SHAPE, **options):
    """The comparisons of a result by kind; ``edit`` changes its variants, ``recounted`` are keys of
    the job, ``head_shape`` the input of its head.
    """
    plan, result = make_plan(), make_result(folder, **options)
    if edit is not None:
        result = result.model_copy(update={"variants": tuple(map(edit, result.variants))})
    write_results(folder, {"m0.qat": result})
    loaded = load_results(plan, folder)["m0.qat"]
    measured = [v for v in loaded.result.variants if isinstance(v, Measured)]
    scored = dict(score_variants(loaded))
    sides = plan.jobs[0].sides
    head = sides["head"].model_copy(update={"input_shape": head_shape})
    changes = {"recounted": recounted, "sides": {**sides, "head": head}}
    job = plan.jobs[0].model_copy(update=changes)
    return {c.kind: c for c in compare_variants(job, measured, scored)}


def test_limits_of_the_gate_belong_to_their_comparisons():
    limits = {pair.kind: pair.limit_points for pair in planned_pairs(make_plan().jobs[0])}
    assert limits == {"vs_base": 0.5, "vs_fp32": 2, "fp32_vs_base": 0.5}


def test_each_comparison_names_its_variants(tmp_path):
    names = {kind: (c.old, c.new) for kind, c in compare(tmp_path).items()}
    assert names == {
        "vs_base": ("base qat", "head qat"),
        "vs_fp32": ("head fp32", "head qat"),
        "fp32_vs_base": ("base fp32", "head fp32"),
    }


@pytest.mark.parametrize(
    ("failed", "kinds"),
    [
        ("base qat", {"vs_fp32", "fp32_vs_base"}),
        ("head qat", {"fp32_vs_base"}),
        ("head fp32", {"vs_base"}),
        ("base fp32", {"vs_base", "vs_fp32"}),
    ],
)
def test_a_comparison_needs_both_variants(tmp_path, failed, kinds):
    assert set(compare(tmp_path, failures=(failed,))) == kinds


def test_a_fall_in_one_variant_is_judged_where_it_counts(tmp_path):
    verdicts = {
        k: c.accuracy.verdict for k, c in compare(tmp_path, quality={"head qat": 0.8}).items()
    }
    assert verdicts == {
        "vs_base": "regressed",
        "vs_fp32": "regressed",
        "fp32_vs_base": "unchanged",
    }


def test_without_accuracy_only_speed_is_compared(tmp_path):
    comparison = compare(tmp_path, measured=False)["vs_fp32"]
    assert comparison.accuracy is None
    assert comparison.speedup.value == pytest.approx(2, abs=0.1)
    assert comparison.latency.verdict == "improved"


def test_an_implausible_fp32_model_makes_accuracy_incomparable(tmp_path):
    comparisons = compare(tmp_path, quality=dict.fromkeys(QUALITY, 0.26))
    assert {c.accuracy.verdict for c in comparisons.values()} == {"incomparable"}
    assert "near chance" in comparisons["vs_base"].accuracy.reason


def test_the_same_model_on_both_sides_is_never_faster(tmp_path):
    judgement = compare(tmp_path)["fp32_vs_base"].latency
    assert (judgement.verdict, judgement.reason) == ("unchanged", "the very same model")


def test_one_model_at_two_sizes_has_two_latencies(tmp_path):
    comparisons = compare(tmp_path, head_shape=(1, 3, 4, 4))
    assert comparisons["fp32_vs_base"].latency.reason.endswith("× as fast")
    assert comparisons["vs_fp32"].latency.verdict == "improved"


def test_latencies_of_different_rounds_have_no_ratio(tmp_path):
    def shorten(variant):
        if str(variant.variant) != "head qat":
            return variant
        latency = variant.latency.model_copy(update={"rounds_ms": variant.latency.rounds_ms[:3]})
        return variant.model_copy(update={"latency": latency})

    comparison = compare(tmp_path, shorten)["vs_fp32"]
    assert (comparison.speedup, comparison.latency.verdict) == (None, "incomparable")


def test_an_unusable_result_has_no_scores():
    assert list(score_variants(Unusable("broken"))) == []


def test_scores_carry_the_statistics_of_their_variant(tmp_path):
    write_results(tmp_path, {"m0.qat": make_result(tmp_path)})
    scored = dict(score_variants(load_results(make_plan(), tmp_path)["m0.qat"]))
    assert set(scored) == {Variant(s, r) for s in ("base", "head") for r in (FP32, "qat")}
    assert scored[Variant("head", FP32)].accuracy.images == 150


def test_sides_that_do_not_count_the_same_are_incomparable_whatever_the_numbers_are(tmp_path):
    keys = ("val_dataset.ignore_index", "metric", "num_classes", "map_type")
    judged = {k: c.accuracy for k, c in compare(tmp_path, recounted=keys).items()}
    assert {k: j.verdict for k, j in judged.items()} == {
        "vs_base": "incomparable",
        "vs_fp32": "unchanged",
        "fp32_vs_base": "incomparable",
    }
    assert judged["vs_base"].reason == (
        "base and head do not count the same: they differ in val_dataset.ignore_index, metric, "
        "num_classes"
    )
