"""What configs may say without a maintainer: words that the base branch has at such places."""

import pytest

from compress.suites.grammar import NUMBER, Naming, Vocabulary, is_data_path, words_of
from compress.suites.paddledet.naming import NAMING as DET
from compress.suites.paddleseg.naming import NAMING as SEG
from compress.suites.registry_names import RegisteredName, Registry
from core.safe_yaml import TAG_KEY, parse_mapping


def registry(**kinds):
    names = {}
    for kind, joined in kinds.items():
        for name in joined.split():
            names[name] = RegisteredName(frozenset({kind}), by_name=True, by_tag=True)
    return Registry(names)


SEG_NAMES = registry(
    model="PPLiteSeg BiSeNetV2",
    backbone="STDC1 STDC2 VisionTransformer",
    dataset="Dataset Cityscapes",
    transform="Resize Normalize RandomPaddingCrop",
)
SEG_BASE = """
model:
  type: PPLiteSeg
  num_classes: 19
  backbone: {type: STDC1, pretrained: https://h/stdc1.tar.gz, act: relu}
val_dataset:
  type: Dataset
  mode: val
  dataset_root: data/shapes
  val_path: data/shapes/val.txt
  transforms:
    - {type: Resize, target_size: [512, 512], interp: LINEAR}
    - {type: Normalize}
batch_size: 4
"""
DET_NAMES = registry(
    architecture="PicoDet YOLOv3",
    backbone="LCNet VisionTransformer TransEncoder",
    neck="LCPAN CustomCSPPAN",
    dataset="COCODataSet VOCDataSet ImageFolder EvalDataset TestDataset",
    transform="Decode Resize NormalizeImage",
    reader="EvalReader",
    scheduler="CosineDecay",
    callable="Callable",
)
DET_BASE = """
architecture: PicoDet
metric: COCO
num_classes: 80
PicoDet: {backbone: LCNet, neck: LCPAN}
LCNet: {scale: 0.75, act: hard_swish}
LCPAN: {out_channels: 96}
EvalDataset: !COCODataSet
  dataset_dir: dataset/coco
  image_dir: val2017
  anno_path: annotations/val.json
TestDataset: {name: ImageFolder, anno_path: a.json}
EvalReader:
  sample_transforms:
  - Decode: {}
  - Resize: {interp: 2, target_size: [320, 320], keep_ratio: false}
  - NormalizeImage: {mean: [0, 0, 0], std: [1, 1, 1], is_scale: true}
"""


def unknown(base, text, naming, names):
    vocabulary = Vocabulary(naming, names)
    vocabulary.learn([parse_mapping(base, "base.yml")])
    return [word.shown for word in vocabulary.unknown(parse_mapping(text, "head.yml"))]


def seg(text, base=SEG_BASE):
    return unknown(base, text, SEG, SEG_NAMES)


def det(text, base=DET_BASE):
    return unknown(base, text, DET, DET_NAMES)


@pytest.mark.parametrize(("read", "base"), [(seg, SEG_BASE), (det, DET_BASE)])
def test_what_the_base_branch_says_is_data(read, base):
    assert read(base) == []


@pytest.mark.parametrize(
    "text",
    [
        "model: {type: PPLiteSeg, num_classes: 7}",
        "model: {type: BiSeNetV2, num_classes: 2}",
        "model: {type: PPLiteSeg, backbone: {type: STDC2, act: relu}}",
        "val_dataset: {type: Cityscapes, dataset_root: data/cityscapes}",
        "val_dataset: {type: Dataset, transforms: [{type: RandomPaddingCrop, target_size: [1]}]}",
        "val_dataset: {type: Dataset, val_path: data/other/list-2.txt}",
        "batch_size: 1e-4",
        "batch_size: null",
        "model: {type: PPLiteSeg, num_classes: [true, 1.5, {}]}",
    ],
)
def test_numbers_names_of_the_kind_and_paths_of_data_pass(text):
    assert seg(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "val_dataset: {type: Dataset, transforms: [{type: STDC1, norm_layer: x()}]}",
            [
                "val_dataset.transforms.0.type: STDC1",
                "val_dataset.transforms.0.norm_layer",
                "val_dataset.transforms.0.norm_layer: x()",
            ],
        ),
        (
            'model: {type: PPLiteSeg, backbone: {type: VisionTransformer, act: "print()"}}',
            ["model.backbone.act: print()"],
        ),
        ("model: {type: Normalize}", ["model.type: Normalize"]),
        ("model: {type: nobody}", ["model.type: nobody"]),
        (
            "model: {type: PPLiteSeg, backbone: {type: STDC1, pretrained: config.yml}}",
            ["model.backbone.pretrained: config.yml"],
        ),
        ("use_vdl: true", ["use_vdl"]),
        (
            "val_dataset: {type: Dataset, val_path: /etc/passwd}",
            ["val_dataset.val_path: /etc/passwd"],
        ),
        (
            "val_dataset: {type: Dataset, val_path: data/../../etc/passwd}",
            ["val_dataset.val_path: data/../../etc/passwd"],
        ),
        ("batch_size: !!str x", ["batch_size: x"]),
        ("batch_size: !Resize {}", ["batch_size: Resize"]),
        ("val_dataset: {type: Dataset, mode: LINEAR}", ["val_dataset.mode: LINEAR"]),
    ],
)
def test_anything_else_of_paddleseg_waits(text, words):
    assert seg(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "PicoDet: {backbone: VisionTransformer}",
        "LCNet: {scale: 2.5e-1, act: hard_swish}",
        "VisionTransformer: {scale: 1}",
        "EvalDataset: !VOCDataSet {dataset_dir: dataset/voc, anno_path: test.txt}",
        "EvalReader: {sample_transforms: [{Resize: {target_size: [1, 2], interp: 1}}]}",
    ],
)
def test_data_of_paddledetection_passes(text):
    assert det(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "TestDataset: !Callable {full_type: eval, args: ['1']}",
            [
                "TestDataset: Callable",
                "TestDataset.full_type",
                "TestDataset.full_type: eval",
                *["TestDataset.args", "TestDataset.args.0: 1"][:1],
            ],
        ),
        (
            "EvalDataset: {name: video2frames, video_path: 'x; touch y #'}",
            [
                "EvalDataset.name: video2frames",
                "EvalDataset.video_path",
                "EvalDataset.video_path: x; touch y #",
            ],
        ),
        (
            "EvalReader: {sample_transforms: [{setup_logger: {output: o}}]}",
            [
                "EvalReader.sample_transforms.0.setup_logger",
                "EvalReader.sample_transforms.0.setup_logger.output",
                "EvalReader.sample_transforms.0.setup_logger.output: o",
            ],
        ),
        (
            "CustomCSPPAN: {block_fn: 'exec(1)'}",
            ["CustomCSPPAN.block_fn", "CustomCSPPAN.block_fn: exec(1)"],
        ),
        ("PicoDet: {backbone: CosineDecay}", ["PicoDet.backbone: CosineDecay"]),
        ("CosineDecay: {scale: 1}", ["CosineDecay", "CosineDecay.scale"]),
        ("metric: !CosineDecay {}", ["metric: CosineDecay"]),
        ("TestDataset: {name: ImageFolder, anno_path: x.pkl}", ["TestDataset.anno_path: x.pkl"]),
        ("hpi_config_path: 1", ["hpi_config_path"]),
    ],
)
def test_anything_else_of_paddledetection_waits(text, words):
    assert det(text) == words


def test_callable_never_passes_even_if_the_base_branch_has_it():
    text = "TestDataset: !Callable {full_type: eval}"
    assert det(text, base=text) == ["TestDataset: Callable"]
    text = "TestDataset: {name: Callable, full_type: eval}"
    assert det(text, base=text) == ["TestDataset.name: Callable"]


def test_a_name_of_two_kinds_needs_both():
    names = Registry({"X": RegisteredName(frozenset({"backbone", "transform"}))})
    vocabulary = Vocabulary(Naming("type", False, frozenset()), names)
    assert [word.shown for word in vocabulary.unknown({"model": {"type": "X"}})] == [
        "model",
        "model.type: X",
    ]


def test_every_word_has_the_places_of_its_component_and_of_its_kinds():
    document = {"model": {"type": "PPLiteSeg", "arms": [{"act": "relu"}]}}
    *_, word = words_of(document, SEG, SEG_NAMES)
    assert (word.form, word.text, word.path) == ("text", "relu", "model.arms.0.act")
    assert word.places == (("PPLiteSeg", "arms", "*", "act"), ("<model>", "arms", "*", "act"))


@pytest.mark.parametrize("text", ["1e-4", "-2", "1_000", "3.", "+4.5E+3"])
def test_numbers_as_text_are_numbers(text):
    assert NUMBER.fullmatch(text)


@pytest.mark.parametrize("text", ["1e", "0x1f()", "nan", "1+1", "", ".", "1 2"])
def test_other_text_is_no_number(text):
    assert not NUMBER.fullmatch(text)


@pytest.mark.parametrize(
    "text",
    [
        "~/x",
        "/data/x",
        "../data",
        "data/..",
        "data//x",
        "data/x y",
        "data/x;y",
        "data/.x",
        "data\\x",
        "data/x.pdparams",
        "https://data/x",
        "",
        "data/x\n",
        "other/x",
    ],
)
def test_a_path_that_may_lead_elsewhere_is_no_path_of_data(text):
    assert not is_data_path(text, "data")


def test_tags_are_words(text="a: !Resize [1]"):
    (tag, *_) = [w for w in words_of(parse_mapping(text, "f"), SEG, SEG_NAMES) if w.form == "tag"]
    assert (tag.text, tag.path) == ("Resize", "a")
    assert TAG_KEY not in {w.text for w in words_of(parse_mapping(text, "f"), SEG, SEG_NAMES)}
