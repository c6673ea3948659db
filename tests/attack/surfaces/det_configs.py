"""PaddleDetection configs with code, names and files where the suite would act on them."""

from collections.abc import Iterator

from tests.attack.attack import Attack
from tests.attack.held import ADDRESS, CODE, PICKLE, Changes, config_attacks
from tests.attack.suites import Tagged

SHELL = "x.mp4; touch CANARY #"

CHANGES: Changes = {
    "a callable": (
        {"TestDataset": Tagged("Callable", {"full_type": "eval", "args": [CODE]})},
        "TestDataset",
    ),
    "a callable as keys": (
        {"TestDataset": {"!tag": "Callable", "full_type": "eval", "args": [CODE]}},
        "begin with !",
    ),
    "a callable in an unused section": (
        {"Unused": Tagged("Callable", {"full_type": "CANARY"})},
        "Unused",
    ),
    "a callable for training only": (
        {"LearningRate": Tagged("Callable", {"full_type": "CANARY"})},
        "LearningRate",
    ),
    "a callable in a list": (
        {"LearningRate": {"schedulers": [Tagged("Callable", {"full_type": "CANARY"})]}},
        "schedulers",
    ),
    "a callable in a nested tag": (
        {"TestDataset": Tagged("ImageFolder", {"x": Tagged("Callable", {"full_type": "CANARY"})})},
        "TestDataset",
    ),
    "a callable in another alphabet": (
        {"TestDataset": {"!tag": "Cаllable", "full_type": "CANARY"}},
        "begin with !",
    ),
    "a callable with an escape": (
        {"TestDataset": {"!tag": "%43allable", "full_type": "CANARY"}},
        "begin with !",
    ),
    "a python tag as keys": (
        {"TestDataset": {"!tag": "!python/object/apply:os.system", "!value": ["touch CANARY"]}},
        "begin with !",
    ),
    "a verbatim tag as keys": (
        {
            "TestDataset": {
                "!tag": "<tag:yaml.org,2002:python/object/apply:os.system>",
                "!value": ["CANARY"],
            }
        },
        "begin with !",
    ),
    "a tag with a line end": ({"TestDataset": {"!tag": "x\n  y: CANARY", "a": 1}}, "begin with !"),
    "a registered tag at a new place": (
        {"LCNet": Tagged("VisionTransformer", {"norm_layer": CODE})},
        "LCNet",
    ),
    "a registered tag with effects": (
        {
            "EvalReader": {
                "sample_transforms": [Tagged("DebugVisibleImage", {"output_dir": "CANARY"})]
            }
        },
        "sample_transforms",
    ),
    "a shell by the name of a data set": (
        {
            "EvalDataset": {
                "name": "video2frames",
                "video_path": SHELL,
                "outpath": "o",
                "frame_rate": 1,
            }
        },
        "EvalDataset",
    ),
    "a shell by the test data set": (
        {
            "TestDataset": {
                "name": "video2frames",
                "video_path": SHELL,
                "outpath": "o",
                "frame_rate": 1,
            }
        },
        "TestDataset",
    ),
    "a shell by the training data set": (
        {
            "TrainDataset": {
                "name": "video2frames",
                "video_path": SHELL,
                "outpath": "o",
                "frame_rate": 1,
            }
        },
        "TrainDataset",
    ),
    "a video of a data set": (
        {"EvalDataset": {"name": "MOTImageFolder", "video_file": SHELL}},
        "EvalDataset",
    ),
    "a logger as a data set": (
        {"EvalDataset": {"name": "setup_logger", "output": "CANARY/x.log"}},
        "EvalDataset",
    ),
    "a logger as a transform": (
        {"EvalReader": {"sample_transforms": [{"setup_logger": {"output": "CANARY/x.log"}}]}},
        "sample_transforms",
    ),
    "a folder by a transform": (
        {"TestReader": {"sample_transforms": [{"DebugVisibleImage": {"output_dir": "CANARY"}}]}},
        "sample_transforms",
    ),
    "a pickle by a transform": (
        {"EvalReader": {"sample_transforms": [{"DecodeCache": {"cache_root": "CANARY"}}]}},
        "sample_transforms",
    ),
    "a backbone that evaluates": (
        {"PicoDet": {"backbone": "VisionTransformer"}, "VisionTransformer": {"norm_layer": CODE}},
        "VisionTransformer",
    ),
    "a section that nothing names": (
        {"VisionTransformer": {"norm_layer": CODE}},
        "VisionTransformer",
    ),
    "a neck that evaluates": (
        {"PicoDet": {"neck": "CustomCSPPAN"}, "CustomCSPPAN": {"block_fn": CODE}},
        "CustomCSPPAN",
    ),
    "a neck by its stage": (
        {"CustomCSPPAN": {"stage_fn": CODE}, "PicoDet": {"neck": "CustomCSPPAN"}},
        "CustomCSPPAN",
    ),
    "a part by name that evaluates": (
        {"PicoHeadV2": {"nms": {"name": "TransEncoder", "act_fn": CODE}}},
        "nms",
    ),
    "a part by name that rewrites a section": (
        {"PicoHeadV2": {"loss_class": {"name": "EvalDataset", "image_dir": "CANARY"}}},
        "loss_class",
    ),
    "an architecture that evaluates": (
        {"architecture": "TransEncoder", "TransEncoder": {"act_fn": CODE}},
        "architecture",
    ),
    "a learning rate as a neck": (
        {
            "PicoDet": {"neck": "LearningRate"},
            "LearningRate": {"schedulers": [{"name": "setup_logger", "output": "CANARY"}]},
        },
        "setup_logger",
    ),
    "a scheduler's function": (
        {"LearningRate": {"schedulers": [{"name": "CANARY"}]}},
        "schedulers",
    ),
    "the rate of a layer": (
        {"OptimizerBuilder": {"optimizer": {"type": "AdamWDL", "set_param_lr_func": CODE}}},
        "optimizer",
    ),
    "the regularizer": (
        {"OptimizerBuilder": {"regularizer": {"type": "CANARY", "factor": 1}}},
        "regularizer",
    ),
    "an activation": ({"LCPAN": {"act": "CANARY"}}, "act"),
    "an activation by name": ({"LCPAN": {"act": {"name": "CANARY", "x": 1}}}, "act"),
    "a configuration of distillation": (
        {"architecture": "DistillModel", "DistillModel": {"slim_cfg": "CANARY.yml"}},
        "architecture",
    ),
    "a slim section": ({"slim": "Distill", "slim_type": "CANARY"}, "slim"),
    "a model object": ({"model": Tagged("LCNet", {"scale": "CANARY"})}, "model"),
    "initial weights": ({"pretrain_weights": "/CANARY"}, "pretrain_weights"),
    "weights": ({"weights": "/CANARY"}, "weights"),
    "an address": ({"pretrain_weights": ADDRESS}, "pretrain_weights"),
    "weights of a backbone": ({"LCNet": {"pretrained": ["CANARY"]}}, "pretrained"),
    "a path of annotations": ({"EvalDataset": {"anno_path": "/CANARY.json"}}, "anno_path"),
    "annotations outside": ({"EvalDataset": {"anno_path": "../../CANARY.json"}}, "anno_path"),
    "a folder of images": ({"EvalDataset": {"image_dir": "/CANARY"}}, "image_dir"),
    "a list of labels": ({"TestDataset": {"anno_path": "/CANARY.txt"}}, "anno_path"),
    "a data folder": ({"EvalDataset": {"dataset_dir": "/CANARY"}}, "dataset_dir"),
    "a list file of labels": ({"EvalDataset": {"label_list": "/CANARY"}}, "label_list"),
    "output": ({"save_dir": "/CANARY"}, "save_dir"),
    "output of evaluation": ({"output_eval": "/CANARY"}, "output_eval"),
    "an export setting": ({"hpi_config_path": "/CANARY"}, "hpi_config_path"),
    "a log": ({"use_vdl": True, "vdl_log_dir": "/CANARY"}, "vdl_log_dir"),
    "a service": ({"wandb": {"host": ADDRESS}}, "wandb"),
    "a metric": ({"metric": "CANARY"}, "metric"),
    "a new key of a transform": (
        {"EvalReader": {"sample_transforms": [{"Decode": {"CANARY": 1}}]}},
        "sample_transforms",
    ),
    "an unknown transform": (
        {"EvalReader": {"sample_transforms": [{"CANARY": {}}]}},
        "sample_transforms",
    ),
    "two transforms in one": (
        {
            "EvalReader": {
                "sample_transforms": [{"Decode": {}, "setup_logger": {"output": "CANARY"}}]
            }
        },
        "sample_transforms",
    ),
    "a compose in transforms": (
        {"EvalReader": {"sample_transforms": [{"Compose": {"transforms": [{"CANARY": {}}]}}]}},
        "sample_transforms",
    ),
    "an attribute of the settings": ({"copy": "CANARY", "get": "CANARY", "items": 1}, "copy"),
    "a file name": ({"filename": "../../CANARY"}, "filename"),
    "threads": ({"worker_num": 10**6, "note": "CANARY"}, "note"),
    "a base in a section": ({"LCNet": {"_BASE_": ["/CANARY"]}}, "LCNet"),
    "a new key": ({"LCNet": {"CANARY": 1}}, "CANARY"),
    "a part of another kind": ({"PicoDet": {"neck": "LCNet"}, "x": "CANARY"}, "neck"),
    "a pickle in keys": (PICKLE, ""),
}


def attacks() -> Iterator[Attack]:
    """Each change of a config as a stranger's pull request."""
    yield from config_attacks("det", CHANGES)
