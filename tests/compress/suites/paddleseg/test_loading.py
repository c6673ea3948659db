"""What keeps PaddleSeg from loading a config: types, tags, leftovers and its own rules."""

from __future__ import annotations

import pytest

from compress.registered import find_registry
from compress.resolve import ConfigTree
from compress.suites import find_suite
from compress.suites.paddleseg.loading import check_config, check_file
from compress.suites.paddleseg.registrars import REGISTRARS
from compress.suites.registry_names import read_registry
from core.safe_yaml import parse_mapping

SUITE = find_suite("paddleseg")
INSTALLED = find_registry(ConfigTree({}, lambda _: None, SUITE.dialect), SUITE)
MODEL = """
batch_size: 2
iters: 10
model:
  type: PPLiteSeg
  num_classes: 6
  backbone: {type: STDC1, in_channels: 3}
train_dataset:
  type: Dataset
  num_classes: 6
  transforms: [{type: Resize}, {type: Normalize}]
val_dataset:
  type: Dataset
  num_classes: 6
  transforms: [{type: Normalize}]
optimizer: {type: SGD, grad_clip_cfg: {name: ClipGradByNorm}, custom_cfg: [{name: head}]}
lr_scheduler: {type: PolynomialDecay, learning_rate: 0.1}
loss:
  types:
  - {type: CrossEntropyLoss}
  - {type: MixedLoss, losses: [{type: DiceLoss}], coef: [1]}
  coef: [1, 1]
test_config: {aug_eval: true, scales: 0.5}
"""


def problems(text: str, check=check_config):
    """Keys and messages."""
    return [(error.key, error.message) for error in check(parse_mapping(text, "x.yml"), INSTALLED)]


def test_a_whole_config_loads():
    assert problems(MODEL, check_file) == []
    assert problems(MODEL) == []


@pytest.mark.parametrize("base", ["a.yml", "[a.yml, b.yml]"])
def test_the_base_is_a_path_or_a_list_of_them(base):
    assert problems(f"_base_: {base}\n", check_file) == []


@pytest.mark.parametrize("base", ["", "5", "{a.yml: 1}"])
def test_any_other_base_is_named(base):
    ((key, _),) = problems(f"_base_: {base}\n", check_file)
    assert key == "_base_"


def test_tags_are_not_known_to_the_suite():
    found = problems("loss: {types: [!CrossEntropyLoss {weight: 1}]}\n", check_file)
    assert found == [("loss.types.0", "the tag !CrossEntropyLoss is not known to PaddleSeg")]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("type: PPLiteSeg", "type: PPLiteSegg", "model.type"),
        ("type: PPLiteSeg", "name: PPLiteSeg", "model"),
        ("type: STDC1", "type: STDC3", "model.backbone.type"),
        ("{type: Resize}", "{type: Resizze}", "train_dataset.transforms.0.type"),
        ("type: SGD", "type: SDG", "optimizer.type"),
        ("type: PolynomialDecay", "type: LambdaDecay", "lr_scheduler.type"),
        ("type: DiceLoss", "type: DiceLos", "loss.types.1.losses.0.type"),
    ],
)
def test_classes_that_the_suite_would_not_find_are_named(old, new, key):
    assert [found for found, _ in problems(MODEL.replace(old, new, 1))] == [key]


def test_the_message_names_the_nearest_class():
    assert problems(MODEL.replace("STDC1", "STDC11"))[0][1] == (
        "the suite has no class 'STDC11'; did you mean 'STDC1'?"
    )


def test_revisions_that_register_no_optimizer_take_them_from_paddle():
    registry = read_registry(
        {"paddleseg/x.py": b"@manager.MODELS.add_component\nclass Net: pass\n"}, REGISTRARS
    )
    document = {"model": {"type": "Net"}, "optimizer": {"type": "AdamW"}}
    assert list(check_config(document, registry)) == []
    document["optimizer"]["type"] = "AdamWW"
    assert [error.key for error in check_config(document, registry)] == ["optimizer.type"]


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_old_names_of_optimizers_are_understood(name):
    assert problems(MODEL.replace("type: SGD", f"type: {name}")) == []


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("model:\n", "model:\n  _inherited_: False\n", "model._inherited_"),
        ("test_config: {", "test_config: {_inherited_: False, ", "test_config._inherited_"),
        ("lr_scheduler: {", "lr_scheduler: {_inherited_: True, ", "lr_scheduler._inherited_"),
        (
            "backbone: {",
            "backbone: {_inherited_: False, ",
            "model.backbone._inherited_",
        ),
    ],
)
def test_an_inheritance_mark_without_a_base_is_left_over(old, new, key):
    ((found, message),) = problems(MODEL.replace(old, new))
    assert found == key
    assert message.startswith("_inherited_ is left over")


@pytest.mark.parametrize("place", ["loss:\n  _inherited_: False", "_inherited_: True\nloss:"])
def test_a_mark_that_the_suite_never_reads_does_no_harm(place):
    assert problems(MODEL.replace("loss:", place)) == []


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        (
            "coef: [1, 1]\n",
            "coef: [1, 1, 1]\n",
            "loss.types",
            "2 types do not line up with 3 weights in coef",
        ),
        ("  coef: [1, 1]\n", "", "loss", "a loss needs the lists types and coef"),
        (
            "val_dataset:\n  type: Dataset\n  num_classes: 6",
            "val_dataset:\n  type: Dataset\n  num_classes: 7",
            "val_dataset.num_classes",
            "model, train_dataset and val_dataset disagree on num_classes: 6, 7",
        ),
        (
            "val_dataset:\n  type: Dataset\n  num_classes: 6",
            "val_dataset:\n  type: Dataset",
            "val_dataset.num_classes",
            "the number of classes is missing",
        ),
        (
            "val_dataset:\n  type: Dataset",
            "val_dataset:\n  type: Cityscapes",
            "val_dataset.type",
            "the type must be 'Dataset', as in train_dataset",
        ),
        (
            "train_dataset:\n",
            "train_dataset:\n  img_channels: 1\n",
            "train_dataset.img_channels",
            "model, train_dataset and val_dataset disagree on img_channels: 3, 1",
        ),
        (
            "train_dataset:\n",
            "train_dataset:\n  ignore_index: 0\n",
            None,
            None,
        ),
        (
            "{type: CrossEntropyLoss}",
            "{type: CrossEntropyLoss, ignore_index: 3}",
            None,
            None,
        ),
    ],
)
def test_the_suites_own_rules_hold(old, new, key, message):
    assert problems(MODEL.replace(old, new, 1)) == ([(key, message)] if key else [])


def test_the_ignored_label_of_a_loss_is_that_of_the_data():
    text = MODEL.replace("train_dataset:\n", "train_dataset:\n  ignore_index: 0\n")
    assert problems(text.replace("{type: DiceLoss}", "{type: DiceLoss, ignore_index: 3}")) == [
        ("loss.types.1.ignore_index", "the ignored label is 3 here and 0 in train_dataset")
    ]


def test_a_config_for_export_only_is_not_held_against_the_rules():
    text = "model: {type: PPLiteSeg, num_classes: 2, backbone: {type: STDC1}}\n"
    assert problems(text + "val_dataset: {num_classes: 7, type: Dataset}\n") == []
