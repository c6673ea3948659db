"""Training with a teacher: weights change, losses are kept, several teachers are possible."""

from pathlib import Path

import pytest

from compress.worker.start import Workplace, start_worker
from tests.compress.conftest import CONVS, ROOT, Bench


def test_distillation_changes_weights_and_keeps_the_graph(bench):
    (made,) = bench.compress({"Distillation": {}})
    assert made["effects"] == {}
    assert made["curve"]["steps"] == [1, 2, 3]
    assert made["nodes"]


def test_groups_of_nodes_have_losses_of_their_own(bench):
    (first,) = bench.compress({"Distillation": {}})
    node = first["nodes"][0]
    groups = {"node": [[node], [node]], "loss": ["l2", "soft_label"], "alpha": [1.0, 0.5]}
    (made,) = bench.compress({"Distillation": groups})
    assert set(made["curve"]["losses"]) == {"loss", "l2", "soft_label"}


def test_several_teachers(bench):
    (first,) = bench.compress({"Distillation": {}})
    node = first["nodes"][0]
    section = {
        "node": [[f"teacher{n}_{node}", node] for n in (1, 2)],
        "loss": ["l2", "l2"],
        "alpha": [1.0, 1.0],
        "teacher_model_dir": [bench.model] * 2,
        "teacher_model_filename": ["model.pdmodel"] * 2,
        "teacher_params_filename": ["model.pdiparams"] * 2,
    }
    (made,) = bench.compress({"MultiTeacherDistillation": section})
    assert made["curve"]["losses"]["loss"]


@pytest.mark.paddle
def test_trainings_with_the_same_seed_are_equal(tmp_path):
    """In processes of their own, whose addresses differ."""
    assert len({_trained(tmp_path / str(number)) for number in range(3)}) == 1


def _trained(folder):
    """The parameters after quantisation-aware training with PACT."""
    folder.mkdir()
    document = {
        "QuantAware": {**CONVS, "use_pact": True},
        "Distillation": {},
        "TrainConfig": {"train_iter": 4, "learning_rate": 0.01},
    }
    place = Workplace(folder, {"PYTHONPATH": ROOT})
    with start_worker("tests.workers.methods", "methods", place) as worker:
        (made,) = Bench(worker).compress(document)
        return (Path(made["out"]) / "model.pdiparams").read_bytes()
