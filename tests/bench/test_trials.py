"""Trials of a search are judged on training images, each without what crashed before."""

from dataclasses import replace

import pytest

from bench.deployment import deploy
from bench.metrics.base import LabelledData
from bench.trials import TRIAL_IMAGES, trial_accuracy
from compress.artifacts.artifact import load_artifact
from compress.source import SuiteSource
from compress.suites import find_dialect
from core.errors import JobFailure
from tests.bench.conftest import SHAPE, label_images

PASS = "fc_fuse_pass"


@pytest.fixture
def judge(workshop, tmp_path):
    """A function that judges trials: ``judge(left_out, **changes)``."""
    label_images(tmp_path / "data", "train.txt", "abcd")
    config = {"train_dataset": {"type": "Dataset", "mode": "train", "num_classes": 2}}
    scoring = find_dialect("paddleseg").scoring(config, "training")

    def open_judge(left_out=(), **changes):
        settings = {
            "workshop": workshop,
            "source": SuiteSource("paddleseg", None, "code", "data", None),
            "data_config": config,
            "training": LabelledData(
                tmp_path / "data", tmp_path / "data" / "train.txt", scoring, "training"
            ),
            "weights": tmp_path / "w.pdparams",
            "deploy": lambda trial: deploy(trial, SHAPE, left_out=left_out),
            **changes,
        }
        return trial_accuracy(**settings)

    return open_judge


@pytest.mark.parametrize("missing", [{"training": None}, {"weights": None}])
def test_without_images_or_weights_nothing_can_be_judged(judge, missing):
    assert judge(**missing) is None


def test_a_trial_is_judged_by_its_accuracy(models, judge):
    assert judge()(load_artifact(models.folder("m", quality=0.6), False)) == 0.6


def test_what_crashes_in_one_trial_is_left_out_of_the_next(models, judge):
    measure = judge()
    for name in ("a", "b"):
        measure(load_artifact(models.folder(name, crashes=[PASS]), False))
    assert models.requests() == ["a predict", f"a predict {PASS}", f"b predict {PASS}"]


def test_what_the_case_deletes_is_left_out_from_the_start(models, judge):
    judge((PASS,))(load_artifact(models.folder("m", crashes=[PASS]), False))
    assert models.requests() == [f"m predict {PASS}"]


def test_a_trial_that_cannot_be_judged_is_a_failure(models, judge):
    broken = load_artifact(models.folder("m", fails={"predict": "no image to judge by"}), False)
    with pytest.raises(JobFailure, match="no image to judge by"):
        judge()(broken)


def test_a_trial_is_judged_on_a_fixed_number_of_images(models, judge, monkeypatch):
    assert TRIAL_IMAGES == 100
    monkeypatch.setattr("bench.trials.TRIAL_IMAGES", 2)
    trial = load_artifact(models.folder("m"), False)
    judge()(trial)
    monkeypatch.setattr("bench.trials.TRIAL_IMAGES", 3)
    judge()(replace(trial, cached=True))
    assert len(models.requests()) == 2  # the number is part of what an accuracy depends on
