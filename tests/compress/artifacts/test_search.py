"""The search over PTQ's settings: seeded, resumable, and honest about failures."""

import json
from pathlib import Path

import pytest

from compress.artifacts import compression
from compress.artifacts.artifact import Artifact
from compress.artifacts.search import count_points, search_ptq
from compress.methods.ptq import HyperParameterOptimization
from compress.recipes.parse import parse_recipe
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


def fails(made):
    raise JobFailure("accuracy", "error", "no evaluator")


@pytest.mark.parametrize(
    ("objective", "accuracy", "best", "remarks"),
    [
        ("distance", lambda made: made.size_bytes / 10, 1, ["distance 1"]),
        ("accuracy", lambda made: made.size_bytes / 10, 4, ["accuracy 40.00%, fp32's 70.00%"]),
        ("accuracy", None, 1, ["distance 1", "no trained weights"]),
        ("accuracy", fails, 1, ["distance 1", "no evaluator"]),
    ],
)
def test_the_objective_decides_where_it_can_be_measured(
    monkeypatch, objective, accuracy, best, remarks
):
    def made(workshop, source, models, step, spec):
        batches = step.sections["QuantPost"]["batch_nums"]
        return Artifact(Path(), "", batches, cached=False, record=None)

    monkeypatch.setattr(compression, "_compress_step", made)
    monkeypatch.setattr(
        compression, "output_distance", lambda w, s, models, p: models[1].size_bytes
    )
    space = {"ptq_algo": ["avg"], "bias_correct": [True], "batch_num": [2, 1, 4]}
    document = {"QuantPost": {}, "HyperParameterOptimization": {**space, "objective": objective}}
    recipe = parse_recipe(document, "r.yaml")
    spec = compression.CompressSpec(recipe, None, None, (1, 3, 8, 8), accuracy=accuracy)
    fp32 = Artifact(Path(), "", 7, cached=False, record=None)
    found = compression.compress_artifact(None, None, fp32, spec)
    assert found.size_bytes == best
    assert len(found.remarks) == len(remarks)
    assert all(text in remark for text, remark in zip(remarks, found.remarks, strict=True))
