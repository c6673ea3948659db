"""What keeps the accuracy of a model of PaddleDetection from being the suite's."""

from __future__ import annotations

import pytest

from compress.suites.paddledet.scored import unmeasured

MODEL = {
    "architecture": "PicoDet",
    "PicoDet": {"backbone": "LCNet"},
    "export": {"post_process": True, "nms": True, "benchmark": False},
    "TestReader": {"fuse_normalize": False},
}
DATA = {
    "metric": "COCO",
    "EvalDataset": {"!tag": "COCODataSet"},
    "EvalReader": {"sample_transforms": [{"Decode": {}}, {"NormalizeImage": {}}]},
}


def keys(model=MODEL, data=DATA):
    return [error.key for error in unmeasured(model, data, "argmax")]


def test_a_plain_detector_is_measured():
    assert keys() == []
    assert keys(data={**DATA, "metric": "VOC", "EvalDataset": {"name": "VOCDataSet"}}) == []
    assert keys(model={"architecture": "PicoDet"}) == []
    for images in ({"allow_empty": True}, {"empty_ratio": 0.5}, {"allow_empty": 1, "repeat": 1}):
        assert keys(data={**DATA, "EvalDataset": images}) == []
    assert keys(data={**DATA, "EvalDataset": {"allow_empty": True, "empty_ratio": -1.0}}) == []


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"metric": "RBOX"}, "metric"),
        ({"metric": None}, "metric"),
        ({"EvalDataset": {"!tag": "SlicedCOCODataSet"}}, "EvalDataset"),
        ({"EvalDataset": {"name": "SniperCOCODataSet"}}, "EvalDataset"),
        ({"EvalDataset": {"allow_empty": True, "empty_ratio": 0.5}}, "EvalDataset.empty_ratio"),
        ({"EvalDataset": {"allow_empty": True, "empty_ratio": None}}, "EvalDataset.empty_ratio"),
        ({"EvalDataset": {"repeat": 2}}, "EvalDataset.repeat"),
        ({"bias": 1}, "bias"),
        ({"save_threshold": 0.1}, "save_threshold"),
        ({"IouType": "keypoints"}, "IouType"),
        (
            {"EvalReader": {"sample_transforms": [{"MultiscaleTestResize": {}}]}},
            "EvalReader.sample_transforms[0]",
        ),
    ],
)
def test_values_of_the_evaluation_that_are_not_scored_are_named(change, key):
    assert keys(data={**DATA, **change}) == [key]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"export": {"post_process": True, "nms": False}}, "export.nms"),
        ({"export": {"post_process": True}}, "export.nms"),  # the suite's default is False
        ({"export": {"post_process": False, "nms": True}}, "export.post_process"),
        (
            {"export": {"post_process": True, "nms": True, "benchmark": True}},
            "export.benchmark",
        ),
        ({"TestReader": {"fuse_normalize": True}}, "TestReader.fuse_normalize"),
        ({"with_mask": True}, "with_mask"),
        ({"PicoDet": {"mask_head": "MaskHead"}}, "PicoDet.mask_head"),
    ],
)
def test_values_of_the_model_that_are_not_scored_are_named(change, key):
    assert keys(model={**MODEL, **change}) == [key]


def test_normalisation_in_the_model_is_scored_if_the_reader_has_none():
    data = {**DATA, "EvalReader": {"sample_transforms": [{"Decode": {}}]}}
    assert keys({**MODEL, "TestReader": {"fuse_normalize": True}}, data) == []
