"""What a case's accuracy would not show is a row with the key, and nothing runs for it."""

from __future__ import annotations

import pytest

from tests.bot.plan.conftest import FILES, MANIFEST

WEIGHTS = MANIFEST.replace(
    "input_shape: [1, 3, 8, 8]",
    "input_shape: [1, 3, 8, 8]\n    weights: {path: m.pdparams}\n    output_op: none",
)
MODEL = FILES["configs/m/m.yml"]


@pytest.fixture
def weighted(plan):
    plan.path.write_text(WEIGHTS)
    return plan


def case(made, name="m.qat"):
    """The reason why a case does not run; None if it does."""
    rows = [row for row in made.skipped if row.case == name]
    assert all(row.needed for row in rows)
    assert bool(rows) != (name in [job.id for job in made.jobs])
    return rows[0].reason if rows else None


def test_what_the_models_config_says_of_testing_holds_for_the_recipes_data(weighted):
    made = weighted({"configs/m/m.yml": MODEL + "test_config: {aug_eval: true, scales: 0.5}\n"})
    assert case(made) is None
    (job,) = made.jobs
    assert job.sides["head"].data_config["test_config"] == {"aug_eval": True, "scales": 0.5}
    assert "test_config" not in job.sides["base"].data_config


def test_a_value_that_cannot_be_measured_is_a_row(weighted):
    made = weighted({"configs/m/m.yml": MODEL + "test_config: {use_multilabel: true}\n"})
    assert case(made) == "not measured: test_config.use_multilabel: slimgate does not measure it"


def test_so_is_one_on_base(weighted):
    weighted.base = weighted.suite.commit(
        {"configs/m/m.yml": MODEL + "test_config: {is_slide: true}\n"}
    )
    reason = case(weighted({"configs/m/m.yml": MODEL}))
    assert reason.startswith("not measured: test_config.is_slide: crop_size and stride are needed")
    assert reason.endswith("(on base)")


def test_windows_need_scores(weighted):
    window = "test_config: {is_slide: true, crop_size: [8, 8], stride: [4, 4]}\n"
    assert case(weighted({"configs/m/m.yml": MODEL + window})) is None
    weighted.path.write_text(WEIGHTS.replace("output_op: none", "output_op: argmax"))
    reason = case(weighted({"configs/m/m.yml": MODEL + window}))
    assert reason.startswith("not measured: test_config.is_slide: it averages the model's scores")


def test_a_change_of_evaluation_that_the_recipes_data_do_not_have_is_a_row(weighted):
    text = MODEL + "val_dataset: {dataset_root: data/y}\n"
    assert case(weighted({"configs/m/m.yml": text})) == (
        "not measured: val_dataset.dataset_root: the accuracy is measured by deploy/data.yml, "
        "in which nothing of this changes"
    )


def test_one_that_reaches_the_recipes_data_too_is_measured_and_not_compared(weighted):
    text = FILES["configs/_base_/data.yml"].replace("data/x", "data/y")
    made = weighted({"configs/_base_/data.yml": text})
    assert case(made) is None
    assert made.jobs[0].recounted == ("val_dataset.dataset_root",)


@pytest.mark.parametrize(
    ("part", "recounted"),
    [
        ("ignore_index: 0", ("val_dataset.ignore_index",)),
        ("num_classes: 3", ("val_dataset.num_classes",)),
        ("val_path: data/other.txt", ("val_dataset.val_path",)),
        ("transforms: [{type: Normalize}]", ()),
    ],
)
def test_keys_that_decide_what_counts_are_named(weighted, part, recounted):
    text = FILES["configs/_base_/data.yml"].replace("data/x", f"data/x, {part}")
    assert weighted({"configs/_base_/data.yml": text}).jobs[0].recounted == recounted


def test_without_weights_there_is_no_accuracy_to_doubt(plan):
    made = plan({"configs/m/m.yml": MODEL + "test_config: {use_multilabel: true}\n"})
    assert case(made) is None


def test_keys_without_influence_change_nothing(weighted):
    made = weighted({"configs/m/m.yml": MODEL + "test_config: {auc_roc: true}\n"})
    assert case(made) is None
