"""PaddleSeg's dialect: inheritance, sizes, normalisation, data and what each key can touch."""

import pytest

from compress.suites.paddleseg.dialect import PaddleSegDialect
from core.errors import InputError

DIALECT = PaddleSegDialect()


def test_mappings_merge_recursively_and_the_document_wins():
    document = {"_base_": "a.yml", "opt": {"lr": 2}, "iters": 10}
    base = {"opt": {"lr": 1, "type": "SGD"}, "batch_size": 4}
    assert DIALECT.combine(document, [base]) == {
        "opt": {"lr": 2, "type": "SGD"},
        "iters": 10,
        "batch_size": 4,
    }


def test_of_several_bases_the_first_wins():
    bases = [{"x": 1, "s": {"a": 1}}, {"x": 2, "y": 2, "s": {"a": 2, "b": 2}}]
    assert DIALECT.combine({}, bases) == {"x": 1, "y": 2, "s": {"a": 1, "b": 2}}


def test_a_section_that_does_not_inherit_replaces_the_bases():
    document = {"opt": {"_inherited_": False, "type": "Adam"}}
    assert DIALECT.combine(document, [{"opt": {"type": "SGD", "lr": 1}}]) == {
        "opt": {"type": "Adam"}
    }


def test_a_mapping_over_a_plain_value_is_refused_with_the_way_out():
    with pytest.raises(InputError, match="a mapping replaces a plain value") as caught:
        DIALECT.combine({"loss": {"x": 1}}, [{"loss": "dice"}])
    assert caught.value.key == "loss"
    assert "_inherited_: False" in caught.value.hint


def test_combining_changes_neither_document_nor_base():
    document, base = {"_base_": "a", "s": {"a": 1}}, {"s": {"b": 1}}
    DIALECT.combine(document, [base])
    assert (document, base) == ({"_base_": "a", "s": {"a": 1}}, {"s": {"b": 1}})


def test_a_model_config_has_a_model():
    assert DIALECT.is_model({"model": {"type": "UNet"}})
    assert not DIALECT.is_model({"model": "UNet"})
    assert not DIALECT.is_model({"optimizer": {}})


@pytest.mark.parametrize(
    ("key", "impact"),
    [
        ("model.backbone.type", "graph"),
        ("model.pretrained", "training"),
        ("lr_scheduler.learning_rate", "training"),
        ("val_dataset.transforms.0.target_size", "evaluation"),
        ("val_dataset.num_classes", "graph"),
        ("train_dataset.transforms", "compression"),
        ("train_dataset.num_classes", "graph"),
        ("batch_size", "compression"),
        ("something_new", "graph"),
    ],
)
def test_each_key_says_what_it_can_touch(key, impact):
    assert DIALECT.impact(key) == impact


def resizing(part, **settings):
    return {part: {"transforms": [{"type": "Normalize"}, settings]}}


@pytest.mark.parametrize(
    ("config", "shape"),
    [
        ({}, (1, 3, 512, 512)),
        (resizing("val_dataset", type="Resize", target_size=[1024, 512]), (1, 3, 512, 1024)),
        (resizing("train_dataset", type="RandomPaddingCrop", crop_size=[96, 64]), (1, 3, 64, 96)),
        (resizing("train_dataset", type="Resize", target_size=[96, 64]), (1, 3, 64, 96)),
        (
            {
                **resizing("val_dataset", type="Resize", target_size=[64, 32]),
                **resizing("train_dataset", type="Resize", target_size=[9, 9]),
            },
            (1, 3, 32, 64),
        ),
        (
            resizing("val_dataset", type="Resize", target_size=[64, 32], keep_ratio=True),
            (1, 3, 512, 512),
        ),
        (resizing("val_dataset", type="RandomPaddingCrop", crop_size=[64, 32]), (1, 3, 512, 512)),
        (resizing("val_dataset", type="Resize", target_size="large"), (1, 3, 512, 512)),
    ],
)
def test_models_are_exported_at_the_size_of_validation_or_of_the_training_crop(config, shape):
    assert DIALECT.input_shape(config) == shape


@pytest.mark.parametrize(
    ("transforms", "size"),
    [
        ([{"type": "Resize", "target_size": [1024, 512]}, {"type": "Normalize"}], (512, 1024)),
        ([{"type": "Resize"}], (512, 512)),
        ([{"type": "Resize", "target_size": [512, 512], "keep_ratio": True}], None),
        ([{"type": "Resize", "target_size": [8, 8]}, {"type": "PaddingByAspectRatio"}], None),
        ([{"type": "Normalize"}], None),
        (None, None),
    ],
)
def test_the_size_that_evaluation_gives_every_image(transforms, size):
    config = {"val_dataset": {"transforms": transforms}}
    assert DIALECT.evaluation_size(config) == size


def test_normalisation_is_compared_with_the_suites_defaults():
    config = {
        "train_dataset": {"transforms": [{"type": "Normalize", "mean": [0.5, 0.5, 0.5]}]},
        "val_dataset": {"transforms": [{"type": "Resize"}, {"type": "Normalize"}]},
    }
    training, evaluation = DIALECT.normalisation(config)
    assert training == evaluation == ("mean=[0.5, 0.5, 0.5] std=[0.5, 0.5, 0.5]",)


def test_steps_without_normalisation_differ_from_no_steps_at_all():
    config = {"train_dataset": {"transforms": [{"type": "Resize"}]}}
    assert DIALECT.normalisation(config) == ((), None)


@pytest.mark.parametrize(
    ("split", "name"), [("evaluation", "val_dataset"), ("training", "train_dataset")]
)
def test_each_split_is_judged_by_miou_with_the_labels_of_its_own_section(split, name):
    data = {"type": "Dataset", "mode": "val", "num_classes": 4, "ignore_index": 9}
    scoring = DIALECT.scoring({name: {**data, "separator": "|"}}, split)
    assert (scoring.metric, scoring.section, scoring.unreadable) == ("miou", name, "")
    assert (scoring.settings["classes"], scoring.settings["ignored"]) == (4, 9)
    assert scoring.settings["pairs"].separator == "|"


def test_data_lies_where_the_data_sets_say():
    config = {
        "train_dataset": {"dataset_root": "data/city", "train_path": "data/city/train.txt"},
        "val_dataset": {"dataset_root": "data/city", "val_path": 3},
    }
    training, evaluation = DIALECT.training_data(config), DIALECT.evaluation_data(config)
    assert (training.root, training.index) == ("data/city", "data/city/train.txt")
    assert (evaluation.root, evaluation.index) == ("data/city", None)
    assert DIALECT.training_data({}).root is None
