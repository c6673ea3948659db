"""What keeps PaddleDetection from loading a config: the file's form, tags and names."""

from __future__ import annotations

import pytest

from compress.registered import find_registry
from compress.resolve import ConfigTree
from compress.suites import find_suite
from compress.suites.paddledet.loading import check_config, check_file
from compress.suites.registry_names import Registry
from core.safe_yaml import parse_mapping

SUITE = find_suite("paddledet")
INSTALLED = find_registry(ConfigTree({}, lambda _: None, SUITE.dialect), SUITE)
MODEL = """
architecture: PicoDet
PicoDet: {backbone: LCNet, neck: LCPAN, head: PicoHeadV2}
PicoHeadV2:
  conv_feat: {name: PicoFeat, feat_in: 96}
  static_assigner: {name: ATSSAssigner}
  nms: {name: MultiClassNMS}
TrainDataset: !COCODataSet {dataset_dir: dataset/coco}
EvalDataset: {name: COCODataSet, dataset_dir: dataset/coco}
TrainReader:
  sample_transforms: [Decode: {}, RandomCrop: {}]
  batch_transforms: [Gt2FCOSTarget: {}, NormalizeImage: {}]
EvalReader: {sample_transforms: [{Decode: {}}, {Resize: {target_size: [8, 8]}}]}
LearningRate:
  schedulers:
  - !CosineDecay {max_epochs: 300}
  - {name: LinearWarmup, steps: 300}
OptimizerBuilder:
  optimizer: {type: Momentum}
  regularizer: {type: L2, factor: 0.1}
"""


def problems(check, text: str, registry: Registry | None = INSTALLED):
    """Keys and messages."""
    return [(error.key, error.message) for error in check(parse_mapping(text, "x.yml"), registry)]


def test_a_whole_config_loads():
    assert problems(check_file, MODEL) == []
    assert problems(check_config, MODEL) == []


@pytest.mark.parametrize("bases", ["'x.yml'", "", "{a.yml: 1}", "5"])
def test_the_bases_must_be_a_list(bases):
    ((key, message),) = problems(check_file, f"_BASE_: {bases}\n")
    assert key == "_BASE_"
    assert message.startswith("the bases must be a list, not ")


def test_a_list_of_bases_is_fine():
    assert problems(check_file, "_BASE_: ['a.yml', 'b.yml']\n") == []


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        (
            "!CosineDecay ",
            "!CosineDecayX ",
            "LearningRate.schedulers.0",
            "the suite has no tag 'CosineDecayX'; did you mean 'CosineDecay'?",
        ),
        (
            "!COCODataSet",
            "!MyVocDataSet",
            "TrainDataset",
            "the suite has no tag 'MyVocDataSet'; did you mean 'VOCDataSet'?",
        ),
        (
            "sample_transforms: [Decode: {}, RandomCrop: {}]",
            "sample_transforms: [!DecodeImage {to_rgb: true}]",
            "TrainReader.sample_transforms.0",
            "the suite has no tag 'DecodeImage'",
        ),
        (
            "- !CosineDecay {max_epochs: 300}",
            "- !CosineDecay",
            "LearningRate.schedulers.0",
            "the tag !CosineDecay stands before no mapping",
        ),
    ],
)
def test_tags_without_a_constructor_are_named(old, new, key, message):
    ((found_key, found),) = problems(check_file, MODEL.replace(old, new))
    assert found_key == key
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("architecture: PicoDet", "architecture: PicoDett", "architecture"),
        ("backbone: LCNet", "backbone: LCNetX", "PicoDet.backbone"),
        ("name: PicoFeat", "name: PicoFeatX", "PicoHeadV2.conv_feat"),
        ("{name: COCODataSet", "{name: CocoDataSetX", "EvalDataset.name"),
        ("RandomCrop", "RandomCropp", "TrainReader.sample_transforms.1.RandomCropp"),
        ("Gt2FCOSTarget", "Gt2FCOSTargets", "TrainReader.batch_transforms.0.Gt2FCOSTargets"),
        ("LinearWarmup", "LinearWarmUp", "LearningRate.schedulers.1.name"),
        ("Momentum", "Momemtum", "OptimizerBuilder.optimizer.type"),
        ("type: L2", "type: L3", "OptimizerBuilder.regularizer.type"),
    ],
)
def test_names_that_the_suite_would_not_find_are_named(old, new, key):
    found = problems(check_config, MODEL.replace(old, new))
    assert key in [found_key for found_key, _ in found]


def test_a_step_that_is_no_mapping_is_named():
    ((key, _),) = problems(
        check_config, MODEL.replace("- ", "- ").replace("Decode: {}, ", "Decode, ")
    )
    assert key == "TrainReader.sample_transforms.0"


def test_a_step_of_several_names_is_named():
    """Their order is that of the transforms, and nothing else looks at it."""
    text = MODEL.replace("[{Decode: {}}, {Resize:", "[{Decode: {}, Resize:")
    ((key, message),) = problems(check_config, text)
    assert key == "EvalReader.sample_transforms.0"
    assert message == "a step must be a mapping of one name to its settings"


def test_parts_that_nothing_refers_to_are_not_built():
    unused = "YOLOv3Head: {loss: NoSuchLoss}\n"
    assert problems(check_config, MODEL + unused) == []


@pytest.mark.parametrize("registry", [None, Registry({}, ("ppdet/broken.py",))])
def test_nothing_is_doubted_where_the_names_are_not_known(registry):
    wrong = MODEL.replace("!CosineDecay ", "!CosineDecayX ").replace("LCNet,", "LCNetX,")
    assert problems(check_file, wrong, registry) == []
    assert problems(check_config, wrong, registry) == []
