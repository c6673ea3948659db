"""Accuracies are measured in a worker, once for equal inputs."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.accuracy import measure_accuracy
from bench.engines.targets import find_target
from bench.metrics.base import LabelledData
from bench.metrics.storage import load_statistics
from bench.stats import score
from compress.source import SuiteSource
from core.errors import JobFailure


class Measuring:
    """A scripted model, its data set, and accuracies measured on it."""

    def __init__(self, models, workshop, root):
        self.models, self.workshop = models, workshop
        self.data = root / "data"
        self.data.mkdir()
        (self.data / "val.txt").write_text("a.jpg a.png\n")
        self.model = models.deployed("m", quality=0.75)
        self.source = SuiteSource("paddleseg", None, "code", "data", self.data)
        self.labelled = LabelledData(self.data, self.data / "val.txt")

    def accuracy(self, **changes):
        settings = {
            "source": self.source,
            "model": self.model,
            "content_hash": "hash",
            "data_config": {"val_dataset": {"num_classes": 2}},
            "labelled": self.labelled,
            "limit": None,
            **changes,
        }
        return measure_accuracy(self.workshop, **settings)

    def predictions(self):
        return sum(line.startswith("predict") for line in self.models.requests("m"))


@pytest.fixture
def measuring(models, workshop, tmp_path):
    return Measuring(models, workshop, tmp_path)


def test_the_accuracy_is_that_of_the_predictions_with_its_statistics(measuring):
    accuracy = measuring.accuracy()
    assert (accuracy.metric, accuracy.value, accuracy.images) == ("mIoU", 0.75, 4)
    assert (accuracy.chance, accuracy.cached) == (0.25, False)
    assert score(load_statistics(Path(accuracy.statistics))) == 0.75


def test_equal_inputs_are_measured_once(measuring):
    first, second = measuring.accuracy(), measuring.accuracy()
    assert second == first.model_copy(update={"cached": True})
    assert measuring.predictions() == 1


def test_keys_that_only_training_reads_change_nothing(measuring):
    measuring.accuracy()
    config = {"val_dataset": {"num_classes": 2}, "lr_scheduler": {"learning_rate": 0.1}}
    assert measuring.accuracy(data_config=config).cached


@pytest.mark.parametrize(
    "change",
    [
        lambda m: {"content_hash": "other"},
        lambda m: {"limit": 2},
        lambda m: {"model": replace(m.model, target=find_target("cpu-native-fp32"))},
        lambda m: {"model": replace(m.model, op_types=("conv2d",))},
        lambda m: {"model": replace(m.model, left_out=("fc_fuse_pass",))},
        lambda m: {"source": replace(m.source, code_id="other")},
        lambda m: {"data_config": {"val_dataset": {"num_classes": 3}}},
        lambda m: {"labelled": replace(m.labelled, split="training")},
        lambda m: {"labelled": replace(m.labelled, index=None)},
        lambda m: (m.data / "b.png").write_bytes(b"image") and {},
        lambda m: (m.data / "val.txt").write_text("b.jpg b.png") and {},
    ],
)
def test_whatever_an_accuracy_depends_on_makes_it_another_one(measuring, change):
    measuring.accuracy()
    assert not measuring.accuracy(**change(measuring)).cached
    assert measuring.predictions() == 2


def test_what_the_search_may_not_see_of_the_config_counts_for_training_images_alone(measuring):
    training = replace(measuring.labelled, split="training")
    config = {"val_dataset": {"num_classes": 2}, "train_dataset": {"dataset_root": "data/t"}}
    measuring.accuracy()
    measuring.accuracy(labelled=training)
    assert measuring.accuracy(data_config=config).cached
    assert not measuring.accuracy(data_config=config, labelled=training).cached


def test_at_most_so_many_images_are_read(measuring):
    assert measuring.accuracy(limit=2).images == 2


def test_a_worker_that_fails_leaves_nothing_in_the_store(measuring):
    broken = measuring.models.deployed("n", fails={"predict": "no image to judge by"})
    with pytest.raises(JobFailure, match="no image to judge by") as caught:
        measuring.accuracy(model=broken)
    assert caught.value.stage == "accuracy"
    assert not list(measuring.workshop.store.entries())
