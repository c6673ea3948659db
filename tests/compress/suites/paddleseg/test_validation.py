"""What can be scored as the suite does, and at how many channels."""

import pytest

from compress.suites.paddleseg.validation import channels, unrepeatable

PART = "takes a part of each image, and the labels belong to the whole"
CHANCE = "draws what it does to each image, so that chance decides the score"


def unmeasurable(resolved):
    """The first key with its reason, as people read them."""
    return next((f"{error.key}: {error.message}" for error in unrepeatable(resolved)), "")


def config(*steps):
    return {"val_dataset": {"transforms": [{"type": "Normalize"}, *steps]}}


@pytest.mark.parametrize(
    "step",
    [
        {"type": "Resize", "target_size": [160, 160]},
        {"type": "Resize", "keep_ratio": True, "size_divisor": 32, "interp": "CUBIC"},
        {"type": "ResizeByLong", "long_size": 512},
        {"type": "ResizeByShort", "short_size": 512},
        {"type": "LimitLong", "max_long": 512},
        {"type": "Padding", "target_size": [2049, 1025]},
        {"type": "PaddingByAspectRatio"},
        {"type": "RandomHorizontalFlip", "prob": 0},
        {"type": "ResizeRangeScaling", "min_value": 500, "max_value": 500},
        {"type": "ResizeStepScaling", "min_scale_factor": 1.25},
        {"type": "OfTheSuitesOwn"},
        {"type": None},
    ],
)
def test_what_the_suite_undoes_is_measured(step):
    assert unmeasurable(config(step)) == ""


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ({"type": "RandomPaddingCrop", "crop_size": [128, 128]}, PART),
        ({"type": "RandomCenterCrop"}, PART),
        ({"type": "CenterCrop", "crop_size": [128, 128]}, PART),
        ({"type": "ScalePadding"}, "moves the image, and the labels stay where they are"),
        ({"type": "RandomHorizontalFlip"}, CHANCE),
        ({"type": "RandomDistort", "brightness_range": 0.4}, CHANCE),
        ({"type": "ResizeRangeScaling"}, CHANCE),
        ({"type": "ResizeStepScaling", "min_scale_factor": 0.5}, CHANCE),
        ({"type": "Resize", "interp": "RANDOM"}, CHANCE),
        ({"type": "ResizeByShort", "short_size": [400, 500]}, CHANCE),
        (
            {"type": "AddMultiLabelAuxiliaryCategory"},
            "gives a pixel several labels, and slimgate scores one",
        ),
    ],
)
def test_crops_and_chance_are_named_with_their_key(step, reason):
    assert unmeasurable(config(step)) == f"val_dataset.transforms[1]: {step['type']} {reason}"


@pytest.mark.parametrize(
    "resolved",
    [{}, {"val_dataset": None}, {"val_dataset": {"transforms": "x"}}, {"val_dataset": [1]}],
)
def test_a_config_without_transforms_has_nothing_against_it(resolved):
    assert unmeasurable(resolved) == ""


def test_transforms_are_numbered_as_the_config_lists_them():
    transforms = ["x", {"type": "Normalize"}, {"type": "CenterCrop"}]
    reason = unmeasurable({"val_dataset": {"transforms": transforms}})
    assert reason == f"val_dataset.transforms[2]: CenterCrop {PART}"


def test_training_may_crop():
    step = {"type": "RandomPaddingCrop"}
    assert unmeasurable({"train_dataset": {"transforms": [step]}}) == ""


@pytest.mark.parametrize(
    ("resolved", "count"),
    [
        ({}, None),
        ({"train_dataset": {"img_channels": 1}}, 1),
        ({"val_dataset": {"img_channels": 1}}, 1),
        ({"model": {"in_channels": 4}, "train_dataset": {"img_channels": 1}}, 4),
        ({"model": {"in_channels": 4, "backbone": {"in_channels": 1}}}, 1),
        ({"model": {"in_channels": 4, "backbone": {"type": "X"}}}, None),
        ({"train_dataset": {"img_channels": True}}, None),
        ({"train_dataset": {"img_channels": 10**9}}, None),
        ({"train_dataset": {"img_channels": "1"}}, None),
    ],
)
def test_channels_are_those_of_the_first_layer_else_of_the_data(resolved, count):
    assert channels(resolved) == count
