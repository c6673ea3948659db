"""What can be scored as the suite does."""

import pytest

from compress.suites.paddledet.validation import unrepeatable

CHANCE = "draws what it does to each image, so that chance decides the score"
PART = "takes a part of each image, and the annotations belong to the whole"
REAL = (
    *("Decode", "Resize", "Permute", "NormalizeImage", "PadBatch", "Pad", "Poly2Array", "RResize"),
    *("WarpAffine", "Gt2SparseTarget", "LetterBoxResize", "EvalAffine", "TopDownAffine"),
)
"""Transforms of evaluation in the suite's own configs."""


def unmeasurable(resolved):
    """The first key with its reason, as people read them."""
    return next((f"{error.key}: {error.message}" for error in unrepeatable(resolved)), "")


def config(name, key="sample_transforms"):
    return {"EvalReader": {key: [{"Decode": {}}, {name: {}}]}}


@pytest.mark.parametrize("name", REAL)
def test_the_suites_own_transforms_are_measured(name):
    assert unmeasurable(config(name)) == ""


@pytest.mark.parametrize("key", ["sample_transforms", "batch_transforms"])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("RandomFlip", CHANCE),
        ("BatchRandomResize", CHANCE),
        ("AutoAugment", CHANCE),
        ("RandomCrop", PART),
        ("SniperDecodeCrop", PART),
        ("Mosaic", "joins images, and the annotations belong to one"),
        ("Mixup", "joins images, and the annotations belong to one"),
        (
            "MultiscaleTestResize",
            "runs each image at several sizes, and an exported model is run at one",
        ),
    ],
)
def test_crops_and_chance_are_named_with_their_key(name, key, reason):
    assert unmeasurable(config(name, key)) == f"EvalReader.{key}[1]: {name} {reason}"


@pytest.mark.parametrize(
    "resolved", [{}, {"EvalReader": None}, {"EvalReader": {"sample_transforms": [1, "x"]}}]
)
def test_a_config_without_transforms_has_nothing_against_it(resolved):
    assert unmeasurable(resolved) == ""


def test_training_may_crop():
    assert unmeasurable({"TrainReader": {"sample_transforms": [{"RandomCrop": {}}]}}) == ""
