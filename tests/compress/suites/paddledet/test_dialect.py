"""PaddleDetection's dialect: inheritance, sizes, normalisation, data and impacts of keys."""

import pytest

from compress.suites.paddledet.dialect import NORMALIZE_IMAGE, PaddleDetDialect
from core.safe_yaml import TAG_KEY

DIALECT = PaddleDetDialect()


def test_later_bases_win_and_the_document_wins_over_all():
    bases = [{"x": 1, "y": 1, "R": {"a": 1, "b": 1}}, {"y": 2, "R": {"b": 2}}]
    assert DIALECT.combine({"_BASE_": ["a", "b"], "R": {"c": 3}}, bases) == {
        "x": 1,
        "y": 2,
        "R": {"a": 1, "b": 2, "c": 3},
    }


def test_tagged_objects_and_plain_values_are_replaced_whole():
    base = {"D": {TAG_KEY: "Coco", "root": "a", "keep": 1}, "P": 1}
    document = {"D": {TAG_KEY: "Coco", "root": "b"}, "P": {"x": 1}}
    assert DIALECT.combine(document, [base]) == document


def test_a_model_config_has_an_architecture_and_is_not_a_slim_config():
    assert DIALECT.is_model({"architecture": "PicoDet"})
    assert not DIALECT.is_model({"architecture": "PicoDet", "slim": "QAT"})
    assert not DIALECT.is_model({"architecture": ["PicoDet"]})
    assert not DIALECT.is_model({})


@pytest.mark.parametrize(
    ("key", "impact"),
    [
        ("LearningRate.base_lr", "training"),
        ("TrainReader.batch_size", "training"),
        ("TrainDataset", "compression"),
        ("EvalReader.sample_transforms", "evaluation"),
        ("metric", "evaluation"),
        ("TestReader.inputs_def.image_shape", "graph"),
        ("PicoHeadV2.nms.keep_top_k", "graph"),
    ],
)
def test_each_key_says_what_it_can_touch(key, impact):
    assert DIALECT.impact(key) == impact


@pytest.mark.parametrize(
    ("reader", "shape"),
    [
        ({}, (1, 3, 640, 640)),
        ({"inputs_def": {"image_shape": [3, 320, 416]}}, (1, 3, 320, 416)),
        ({"inputs_def": {"image_shape": [1, 3, 320, 416]}}, (1, 3, 320, 416)),
        ({"sample_transforms": [{"Resize": {"target_size": [320, 416]}}]}, (1, 3, 320, 416)),
        ({"inputs_def": {"image_shape": [3, -1, -1]}}, (1, 3, 640, 640)),
        ({"sample_transforms": [{"Resize": {"target_size": 320}}]}, (1, 3, 640, 640)),
        ("wrong", (1, 3, 640, 640)),
    ],
)
def test_models_are_exported_at_the_size_of_the_test_reader(reader, shape):
    assert DIALECT.input_shape({"TestReader": reader}) == shape


@pytest.mark.parametrize(
    ("step", "size"),
    [
        ({"Resize": {"target_size": [320, 640], "keep_ratio": False}}, (320, 640)),
        ({"Resize": {"target_size": [800, 1333], "keep_ratio": True}}, None),
        ({"Resize": {"target_size": [800, 1333]}}, None),
        ({"LetterBoxResize": {"target_size": [608, 1088]}}, (608, 1088)),
        ({"RandomResize": {"target_size": [320, 640]}}, None),
        ({"Resize": None}, None),
        ({"NormalizeImage": {}}, None),
    ],
)
def test_the_size_that_evaluation_gives_every_image(step, size):
    config = {"EvalReader": {"sample_transforms": [{"Decode": {}}, step, {"Permute": {}}]}}
    assert DIALECT.evaluation_size(config) == size


def test_the_last_resizing_decides():
    steps = [
        {"Resize": {"target_size": [8, 8], "keep_ratio": False}},
        {"Resize": {"target_size": [4, 6], "keep_ratio": False}},
    ]
    assert DIALECT.evaluation_size({"EvalReader": {"sample_transforms": steps}}) == (4, 6)


def test_normalisation_is_compared_by_what_it_does():
    step = {"NormalizeImage": {"std": [1, 1, 1], "mean": [0, 0, 0], "norm_type": "none"}}
    same = {"NormalizeImage": {"std": [1.0] * 3, "mean": [0.0] * 3, "norm_type": "none"}}
    config = {
        "TrainReader": {"batch_transforms": [step]},
        "EvalReader": {"sample_transforms": [{"Decode": {}}, same]},
    }
    training, evaluation = DIALECT.normalisation(config)
    assert training == evaluation != ()
    assert DIALECT.normalisation({}) == (None, None)


def test_defaults_are_the_suites():
    config = {"EvalReader": {"sample_transforms": [{"NormalizeImage": NORMALIZE_IMAGE}]}}
    plain = {"EvalReader": {"sample_transforms": [{"NormalizeImage": {}}]}}
    assert DIALECT.normalisation(config) == DIALECT.normalisation(plain)


def test_steps_without_normalisation_differ_from_no_steps_at_all():
    config = {"TrainReader": {"sample_transforms": [{"Decode": {}}]}}
    assert DIALECT.normalisation(config) == ((), None)


def test_an_affine_flip_has_scaled_before():
    affine = [{"FlipWarpAffine": {}}, {"NormalizeImage": {"is_scale": False}}]
    config = {
        "TrainReader": {"sample_transforms": affine},
        "EvalReader": {"sample_transforms": [{"NormalizeImage": {}}]},
    }
    training, evaluation = DIALECT.normalisation(config)
    assert training == evaluation


@pytest.mark.parametrize(
    ("split", "section"), [("evaluation", "EvalDataset"), ("training", "TrainDataset")]
)
def test_configs_are_judged_by_coco_unless_they_say_voc(split, section):
    config = {section: {"image_dir": "images", "label_list": "labels.txt"}}
    scoring = DIALECT.scoring(config, split)
    settings = {
        "image_dir": "images",
        "label_list": "labels.txt",
        **dict.fromkeys(("allow_empty", "load_crowd", "sample_num", "num_classes")),
    }
    assert (scoring.metric, scoring.section, scoring.settings) == ("coco", section, settings)
    voc = DIALECT.scoring({**config, "metric": "VOC", "map_type": "11point"}, split)
    assert (voc.metric, voc.section) == ("voc", section)
    assert voc.settings == {**settings, "map_type": "11point"}


@pytest.mark.parametrize(
    ("dataset", "root", "index"),
    [
        ({"dataset_dir": "dataset/coco", "anno_path": "a.json"}, "dataset/coco", "a.json"),
        ({"dataset_dir": "dataset/coco"}, "dataset/coco", None),
        ({"anno_path": "a.json"}, None, None),
        ({}, None, None),
    ],
)
def test_the_annotations_lie_below_the_data_folder(dataset, root, index):
    place = DIALECT.evaluation_data({"EvalDataset": dataset})
    assert (place.root, place.index) == (root, index and f"{root}/{index}")
    assert DIALECT.training_data({"TrainDataset": dataset}) == place
