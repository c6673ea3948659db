"""Recipes are compressed step by step, each step once, and the best of several is taken."""

from dataclasses import replace
from pathlib import Path

import pytest

from compress.artifacts import compression
from compress.artifacts.artifact import Artifact
from compress.artifacts.compression import Compression, compress_artifact
from compress.artifacts.record import Made
from compress.artifacts.spec import CompressSpec
from compress.artifacts.training_log import Curve
from compress.recipes.parse import parse_recipe
from compress.sandbox.covers import Cover
from core.errors import JobFailure

TRAIN = {"train_iter": 20, "learning_rate": 0.001}
FP32 = Artifact(Path("/fp32"), "fp32", 7, cached=False, record=None)
FALLING = tuple(1 / n for n in range(1, 21))
RISING, HIGHER = FALLING[::-1], tuple(2 * loss for loss in FALLING[::-1])


def spec_of(document, **options):
    recipe = parse_recipe({"TrainConfig": TRAIN, **document}, "recipe.yaml")
    return CompressSpec(recipe, None, None, (1, 3, 8, 8), **options)


SPARSE_QAT = spec_of({"UnstructurePrune": {"ratio": 0.5}, "QuantAware": {}, "Distillation": {}})
QAT = spec_of({"QuantAware": {}, "Distillation": {}})


def test_each_step_starts_from_the_one_before_and_learns_from_the_original(
    workshop, worker, source
):
    compress_artifact(workshop, source, FP32, SPARSE_QAT)
    first, second = worker.requests
    assert (first.method, second.method) == ("sparse", "qat")
    assert (first.model, second.model.parent.parent) == (FP32.folder, workshop.store.root)
    assert first.teacher == second.teacher == FP32.folder
    assert (first.quantises, second.quantises) == (False, True)
    assert second.model in worker.access[1].reads


def test_covers_are_found_for_workers_that_run_and_for_no_others(workshop, worker, source):
    found, cover = [], Cover(Path("/labels"), frozenset())
    spec = replace(QAT, covers=lambda: found.append(cover) or (cover,))
    for _ in range(2):
        compress_artifact(workshop, source, FP32, spec)
    assert [access.covers for access in worker.access] == [(cover,)] * len(found) == [(cover,)]


def test_remarks_and_effects_of_all_steps_are_kept(workshop, worker, source):
    answers = {
        "sparse": Made(remarks=("pruned",), effects={"zeros": (0.0, 0.5)}),
        "qat": Made(remarks=("trained",), effects={"zeros": (0.5, 0.4), "flops": (2.0, 2.0)}),
    }

    def answer(request):
        worker.write_files(request)
        return answers[request.method]

    worker.answer = answer
    model = compress_artifact(workshop, source, FP32, SPARSE_QAT)
    assert model.remarks == ("pruned", "trained")
    assert model.effects == {"zeros": (0.0, 0.4), "flops": (2.0, 2.0)}


def test_an_interrupted_run_goes_on_after_its_last_step(workshop, worker, source):
    def answer(request):
        if request.method == "qat":
            raise JobFailure("compress", "timeout", "no answer")
        return worker.write_model(request)

    worker.answer = answer
    with pytest.raises(JobFailure, match="no answer"):
        compress_artifact(workshop, source, FP32, SPARSE_QAT)
    worker.answer = worker.write_model
    compress_artifact(workshop, source, FP32, SPARSE_QAT)
    assert [request.method for request in worker.requests] == ["sparse", "qat", "qat"]


def test_the_empty_recipe_is_the_model_itself(workshop, worker, source):
    nothing = replace(QAT, recipe=replace(QAT.recipe, steps=()))
    model = compress_artifact(workshop, source, FP32, nothing)
    assert model.folder == FP32.folder
    assert worker.requests == []


@pytest.mark.parametrize(
    "changes", [{"seed": 1}, {"input_shape": (1, 3, 8, 16)}, {"recipe": SPARSE_QAT.recipe}]
)
def test_another_seed_shape_or_recipe_is_another_model(workshop, worker, source, changes):
    first = compress_artifact(workshop, source, FP32, QAT)
    second = compress_artifact(workshop, source, FP32, replace(QAT, **changes))
    assert first.folder != second.folder


@pytest.mark.parametrize(
    ("runs", "kept"),
    [
        ([RISING, FALLING], "second"),
        ([RISING, HIGHER], "first"),
        ([HIGHER, RISING], "second"),
    ],
)
def test_a_training_in_a_poor_optimum_is_run_again_and_the_better_one_kept(
    workshop, worker, source, runs, kept
):
    def answer(request):
        worker.write_files(request)
        return Made(curve=curve(runs[request.seed]), remarks=(f"seed {request.seed}",))

    worker.answer = answer
    model = compress_artifact(workshop, source, FP32, QAT)
    assert [request.seed for request in worker.requests] == [0, 1]
    assert model.remarks == (
        (
            "training fell into a poor optimum and was run again from scratch with another seed; "
            f"kept: the {kept} run"
        ),
        f"seed {['first', 'second'].index(kept)}",
    )


def curve(losses):
    return Curve(steps=tuple(range(1, len(losses) + 1)), losses={"loss": losses})


@pytest.mark.parametrize(
    ("document", "losses"),
    [
        ({"QuantAware": {}, "Distillation": {}}, FALLING),
        ({"UnstructurePrune": {"ratio": 0.5}}, RISING),
    ],
)
def test_a_good_training_and_a_pruning_are_run_once(workshop, worker, source, document, losses):
    def answer(request):
        worker.write_files(request)
        return Made(curve=curve(losses))

    worker.answer = answer
    compress_artifact(workshop, source, FP32, spec_of(document))
    assert len(worker.requests) == 1


def test_a_search_is_described_with_its_best_settings_and_its_failures(workshop, worker, source):
    def answer(request):
        if request.sections["QuantPost"]["algo"] == "hist":
            raise JobFailure("compress", "error", "infinite")
        return worker.write_model(request)

    worker.answer = answer
    space = {"ptq_algo": ["avg", "hist"], "bias_correct": [False], "batch_num": [2]}
    spec = spec_of({"QuantPost": {}, "HyperParameterOptimization": space})
    model = compress_artifact(workshop, source, FP32, spec)
    (remark,) = model.remarks
    assert remark.startswith("best of ")
    assert " failed): algo avg, bias_correction False" in remark
    assert remark.endswith("distance 0.25")


def fails(model):
    raise JobFailure("accuracy", "error", "no evaluator")


@pytest.mark.parametrize(
    ("objective", "accuracy", "best", "remarks"),
    [
        ("distance", lambda model: model.size_bytes / 10, 1, ["distance 1"]),
        ("accuracy", lambda model: model.size_bytes / 10, 4, ["accuracy 40.00%, fp32's 70.00%"]),
        ("accuracy", None, 1, ["distance 1", "no trained weights"]),
        ("accuracy", fails, 1, ["distance 1", "no evaluator"]),
    ],
)
def test_the_objective_decides_where_it_can_be_measured(
    monkeypatch, objective, accuracy, best, remarks
):
    def run_step(self, models, step):
        batches = step.sections["QuantPost"]["batch_nums"]
        return Artifact(Path(), "", batches, cached=False, record=None)

    monkeypatch.setattr(Compression, "run_step", run_step)
    monkeypatch.setattr(
        compression, "output_distance", lambda w, s, models, p: models[1].size_bytes
    )
    space = {"ptq_algo": ["avg"], "bias_correct": [True], "batch_num": [2, 1, 4]}
    document = {"QuantPost": {}, "HyperParameterOptimization": {**space, "objective": objective}}
    recipe = parse_recipe(document, "r.yaml")
    spec = CompressSpec(recipe, None, None, (1, 3, 8, 8), accuracy=accuracy)
    model = compress_artifact(None, None, FP32, spec)
    assert model.size_bytes == best
    assert len(model.remarks) == len(remarks)
    assert all(text in remark for text, remark in zip(remarks, model.remarks, strict=True))
