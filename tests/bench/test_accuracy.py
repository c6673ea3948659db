"""Accuracies are measured in a worker, once for equal inputs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench import accuracy
from bench.accuracy import choose_images, measure_accuracy
from bench.engines.targets import find_target
from bench.metrics.base import LabelledData
from bench.metrics.storage import load_statistics
from bench.stats import score
from compress.manifest import TargetOptions
from compress.source import SuiteSource
from compress.suites import find_dialect
from core.errors import InputError, JobFailure
from tests.bench.conftest import label_images

CONFIG = {
    "val_dataset": {
        "type": "Dataset",
        "mode": "val",
        "dataset_root": "data",
        "val_path": "data/val.txt",
        "num_classes": 2,
    }
}
SCORING = find_dialect("paddleseg").scoring(CONFIG, "evaluation")


class Measuring:
    """A scripted model, its data set, and accuracies measured on it."""

    def __init__(self, models, workshop, root):
        self.models, self.workshop = models, workshop
        self.data = root / "data"
        label_images(self.data, "val.txt", "abcd")
        self.model = models.deployed("m", quality=0.75)
        self.source = SuiteSource("paddleseg", None, "code", "data", self.data)
        self.labelled = LabelledData(self.data, self.data / "val.txt", SCORING)

    def accuracy(self, **changes):
        settings = {
            "source": self.source,
            "model": self.model,
            "content_hash": "hash",
            "data_config": CONFIG,
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
    config = {**CONFIG, "lr_scheduler": {"learning_rate": 0.1}}
    assert measuring.accuracy(data_config=config).cached


def alter(file):
    """Other content of the same size: a byte at the end, which no decoder reads."""
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.parametrize(
    "change",
    [
        lambda m: {"content_hash": "other"},
        lambda m: {"limit": 2},
        lambda m: {"model": replace(m.model, target=find_target("cpu-native-fp32"))},
        lambda m: {"model": replace(m.model, options=TargetOptions(delete_passes=("a_pass",)))},
        lambda m: {"model": replace(m.model, left_out=("fc_fuse_pass",))},
        lambda m: {"source": replace(m.source, code_id="other")},
        lambda m: {"data_config": {"val_dataset": {**CONFIG["val_dataset"], "num_classes": 3}}},
        lambda m: {"labelled": replace(m.labelled, split="training")},
        lambda m: (m.data / "b.png").write_bytes(b"image") and {},
        lambda m: alter(m.data / "labels" / "b.png") or {},
        lambda m: alter(m.data / "images" / "b.jpg") or {},
        lambda m: label_images(m.data, "val.txt", "abc") or {},
    ],
)
def test_whatever_an_accuracy_depends_on_makes_it_another_one(measuring, change):
    measuring.accuracy()
    assert not measuring.accuracy(**change(measuring)).cached
    assert measuring.predictions() == 2


def test_what_the_search_may_not_see_of_the_config_counts_for_training_images_alone(measuring):
    training = replace(measuring.labelled, split="training")
    config = {**CONFIG, "train_dataset": {"dataset_root": "data/t"}}
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


def test_the_worker_sees_images_and_neither_labels_nor_lists(measuring, monkeypatch):
    seen = []
    run = accuracy.run_worker

    def note(*arguments, **more):
        seen.append((arguments[2], more["access"]))
        return run(*arguments, **more)

    monkeypatch.setattr(accuracy, "run_worker", note)
    built = {"engines": measuring.data / "engines", "shape_ranges": measuring.data / "shapes"}
    built["engines"].mkdir()
    for file in (built["engines"] / "engine", built["shape_ranges"]):
        file.write_text("m")
    measuring.accuracy(model=replace(measuring.model, **built))
    ((request, access),) = seen
    assert [image.name for image in request.images] == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    assert request.suite.data is None
    places = {measuring.model.folder, measuring.data / "images", *built.values()}
    assert set(access.reads) == places
    assert len(access.writes) == 1


def test_a_lie_of_the_worker_about_its_score_changes_nothing(measuring):
    """All that it can write are predictions; other files beside them are not read."""
    liar = measuring.models.deployed("m2", quality=0.5, areas="all right")
    assert measuring.accuracy(model=liar, content_hash="liar").value == 0.5


def test_a_label_beyond_the_classes_is_named_with_its_file(measuring):
    file = measuring.data / "labels" / "b.png"
    Image.fromarray(np.full((25, 40), 7, np.uint8)).save(file)
    with pytest.raises(JobFailure, match=f"{file}: the label 7 .* val_dataset.num_classes: 2"):
        measuring.accuracy()


def test_training_images_that_are_evaluated_do_not_count(measuring):
    label_images(measuring.data, "train.txt", "cdef")
    index = measuring.data / "train.txt"
    training = LabelledData(measuring.data, index, SCORING, "training", measuring.labelled)
    assert [image.file.stem for image in choose_images(training, None)] == ["e", "f"]
    label_images(measuring.data, "train.txt", "cd")
    with pytest.raises(JobFailure, match="no labelled image: the evaluation set contains every"):
        choose_images(training, None)


def test_other_images_of_the_evaluation_make_another_accuracy_of_training(measuring, tmp_path):
    judged = tmp_path / "judged"
    label_images(judged, "val.txt", "xy")
    without = LabelledData(judged, judged / "val.txt", SCORING)
    training = replace(measuring.labelled, split="training", without=without)
    measuring.accuracy(labelled=training)
    assert measuring.accuracy(labelled=training).cached
    label_images(judged, "val.txt", "xyz")
    assert not measuring.accuracy(labelled=training).cached


def test_a_list_with_an_odd_line_is_named(measuring):
    (measuring.data / "val.txt").write_text("a.jpg a.png\nb.jpg\n")
    with pytest.raises(InputError, match="line 2 has 1 words instead of 2"):
        measuring.accuracy()


@pytest.mark.parametrize(
    "name", ["../secret.jpg", "{root}/secret.jpg", "images/../../secret.jpg", "mine/../secret.jpg"]
)
def test_an_image_outside_of_the_data_is_not_shown_to_a_worker(measuring, name):
    root = measuring.data.parent
    Image.new("RGB", (40, 25)).save(root / "secret.jpg")
    (root / "set").mkdir()
    (measuring.data / "mine").symlink_to(root / "set")  # beside which the image lies
    (measuring.data / "val.txt").write_text(f"{name.format(root=root)} labels/a.png\n")
    with pytest.raises(InputError, match=r"secret.jpg.* lies outside of the data"):
        measuring.accuracy()
    assert not measuring.predictions()


@pytest.mark.parametrize("name", ["../secret.png", "/dev/zero", "/proc/self/environ"])
def test_a_label_map_outside_of_the_data_is_not_read(measuring, name):
    (measuring.data / "val.txt").write_text(f"images/a.jpg {name}\n")
    with pytest.raises(InputError, match=r"the label map .* lies outside of the data"):
        measuring.accuracy()
    assert not measuring.predictions()


def test_an_image_behind_a_link_of_the_data_is_read(measuring):
    (measuring.data.parent / "set").mkdir()
    file = measuring.data / "images" / "a.jpg"
    (measuring.data / "val.txt").write_text("images/a.jpg labels/a.png\n")
    file.rename(measuring.data.parent / "set" / "a.jpg")
    file.symlink_to(measuring.data.parent / "set" / "a.jpg")
    assert measuring.accuracy().images == 1
