"""The search over the settings of PTQ: seeded, within its budget, honest about failures."""

import json

import pytest

from compress.artifacts.search import count_points, search_ptq
from compress.methods.ptq import HyperParameterOptimization
from core.errors import JobFailure

SPACE = {"ptq_algo": ["avg", "hist"], "bias_correct": [True, False], "hist_percent": [0.9, 0.99]}
ONE_BATCH = {**SPACE, "batch_num": [4]}


def distance(settings):
    return {"avg": 3.0, "hist": 1.0}[settings["algo"]] + settings["bias_correction"]


def run(space, quantise=dict, judge=distance, **more):
    return search_ptq({"weight_bits": 8}, space, quantise, judge, **more)


def test_all_points_are_tried_where_the_budget_reaches_for_them():
    trials = run(ONE_BATCH)
    assert len(trials) == 6  # avg, hist at two percentiles; each with and without correction
    assert (trials[0].settings["algo"], trials[0].settings["bias_correction"]) == ("hist", False)
    assert all(trial.settings["weight_bits"] == 8 for trial in trials)
    assert all("hist_percent" not in t.settings for t in trials if t.settings["algo"] == "avg")


def test_proposals_follow_from_a_fixed_seed():
    few = {**SPACE, "batch_num": [1, 2, 4, 8], "max_quant_count": 6}
    first, second = ([t.settings for t in run(few)] for _ in range(2))
    assert first == second
    assert len(first) <= 6


def test_a_setting_that_fails_is_a_trial_without_a_value():
    def quantise(settings):
        if settings["algo"] == "hist":
            raise JobFailure("compress", "error", "infinite")
        return settings

    trials = run(ONE_BATCH, quantise)
    assert trials[0].settings["algo"] == "avg"
    assert trials[-1].failure == "infinite"


def test_if_every_trial_fails_the_search_does():
    def quantise(_):
        raise JobFailure("compress", "error", "no")

    with pytest.raises(JobFailure, match="every trial failed; the last: no"):
        run(ONE_BATCH, quantise)


def test_the_time_budget_ends_it_after_the_first_trial():
    ticks = iter(range(0, 10_000, 100))
    trials = run({**ONE_BATCH, "max_minutes": 1}, clock=lambda: next(ticks))
    assert len(trials) == 1


def test_points_are_counted_as_they_differ():
    limits = HyperParameterOptimization.model_validate_json(json.dumps(ONE_BATCH))
    assert count_points(limits) == 6


@pytest.mark.parametrize(
    ("space", "count"),
    [
        ({"ptq_algo": ["hist"], "hist_percent": [0.9, 0.99]}, 2),
        ({"ptq_algo": ["avg"], "hist_percent": [0.9, 0.99]}, 1),
        ({"ptq_algo": ["avg", "mse"], "batch_num": [1, 2, 4]}, 6),
    ],
)
def test_a_percentile_is_a_choice_of_one_algorithm_only(space, count):
    fixed = {"bias_correct": [True], "weight_quantize_type": ["abs_max"], "batch_num": [1]}
    limits = HyperParameterOptimization.model_validate_json(json.dumps({**fixed, **space}))
    assert count_points(limits) == count


def test_equal_proposals_are_tried_once():
    """Optuna may propose a setting again where the budget does not reach for all."""
    quantised = []
    space = {**SPACE, "batch_num": [1, 2], "max_quant_count": 11}
    trials = run(space, lambda settings: quantised.append(settings) or settings)
    assert len(quantised) == len(trials) == len({json.dumps(t.settings) for t in trials})


def test_an_infinite_distance_is_worse_than_any_other_but_not_a_failure():
    trials = run(ONE_BATCH, judge=lambda s: float("inf") if s["algo"] == "avg" else 1.0)
    assert [trial.settings["algo"] for trial in trials][-1] == "avg"
    assert all(trial.value is not None for trial in trials)
