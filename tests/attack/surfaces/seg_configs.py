"""PaddleSeg configs with code, names, files and addresses where the suite would act on them."""

from collections.abc import Iterator

from tests.attack.attack import Attack
from tests.attack.held import ADDRESS, CODE, PICKLE, Changes, config_attacks
from tests.attack.suites import Tagged

CHANGES: Changes = {
    "norm_layer of a backbone": (
        {"model": {"backbone": {"type": "VisionTransformer", "norm_layer": CODE}}},
        "norm_layer",
    ),
    "norm_layer of a function": (
        {"model": {"backbone": {"type": "ViT_huge_patch16_224", "norm_layer": CODE}}},
        "norm_layer",
    ),
    "norm_layer of CAE": (
        {"model": {"backbone": {"type": "CAE_base_patch16_224", "norm_layer": CODE}}},
        "norm_layer",
    ),
    "a backbone as a transform": (
        {"val_dataset": {"transforms": [{"type": "VisionTransformer", "norm_layer": CODE}]}},
        "transforms",
    ),
    "a backbone as a training transform": (
        {"train_dataset": {"transforms": [{"type": "VisionTransformer", "norm_layer": CODE}]}},
        "transforms",
    ),
    "a backbone as a data set": (
        {"val_dataset": {"type": "VisionTransformer", "norm_layer": CODE}},
        "type",
    ),
    "a backbone as a loss": (
        {"loss": {"types": [{"type": "VisionTransformer", "norm_layer": CODE}], "coef": [1]}},
        "types",
    ),
    "a backbone in a mixed loss": (
        {
            "loss": {
                "types": [
                    {
                        "type": "MixedLoss",
                        "losses": [{"type": "CAE", "norm_layer": CODE}],
                        "coef": [1],
                    }
                ]
            }
        },
        "types",
    ),
    "a backbone as an optimizer": (
        {"optimizer": {"type": "VisionTransformer", "norm_layer": CODE}},
        "optimizer",
    ),
    "a backbone below another argument": (
        {"model": {"head": {"type": "VisionTransformer", "norm_layer": CODE}}},
        "head",
    ),
    "a backbone deep below": (
        {"model": {"backbone": {"a": {"b": [{"type": "CAE", "norm_layer": CODE}]}}}},
        "backbone",
    ),
    "a data set as a transform": (
        {
            "val_dataset": {
                "transforms": [{"type": "Dataset", "val_path": "/CANARY", "mode": "val"}]
            }
        },
        "transforms",
    ),
    "a model inside of a model": (
        {"model": {"backbone": {"type": "UNet", "note": "CANARY"}}},
        "backbone",
    ),
    "arm_type": ({"model": {"arm_type": "CANARY"}}, "arm_type"),
    "an activation": ({"model": {"act_type": "CANARY"}}, "act_type"),
    "a mode": ({"model": {"mode": "CANARY"}}, "mode"),
    "a class of the learning rate": ({"lr_scheduler": {"type": "CANARY"}}, "lr_scheduler"),
    "clipping": ({"optimizer": {"grad_clip_cfg": {"name": "CANARY"}}}, "grad_clip_cfg"),
    "a path of weights": ({"model": {"pretrained": "/CANARY.pdparams"}}, "pretrained"),
    "its own file as weights": (
        {"model": {"pretrained": "config.yml", "n": "CANARY"}},
        "model.n",
    ),
    "weights in a list": ({"model": {"pretrained": ["CANARY"]}}, "pretrained"),
    "weights below a tag": (
        {"model": {"pretrained": {"!tag": "x", "!value": "CANARY"}}},
        "begin with !",
    ),
    "weights of a backbone": ({"model": {"backbone": {"pretrained": "../CANARY"}}}, "pretrained"),
    "weights by another key": ({"model": {"backbone": {"model_path": "/CANARY"}}}, "model_path"),
    "an address of weights": ({"model": {"pretrained": ADDRESS}}, "pretrained"),
    "an address elsewhere": ({"model": {"teacher": ADDRESS}}, "teacher"),
    "an address as a data folder": ({"val_dataset": {"dataset_root": ADDRESS}}, "dataset_root"),
    "an absolute list": ({"val_dataset": {"val_path": "/CANARY"}}, "val_path"),
    "a list outside": ({"val_dataset": {"val_path": "data/../../CANARY"}}, "val_path"),
    "a list by a link's name": (
        {"val_dataset": {"val_path": "data/shapes/../../CANARY"}},
        "val_path",
    ),
    "a list at home": ({"val_dataset": {"val_path": "~/CANARY"}}, "val_path"),
    "its own file as the list": (
        {"val_dataset": {"val_path": "config.yml", "separator": "CANARY"}},
        "val_path",
    ),
    "a list of a process": (
        {"val_dataset": {"val_path": "/proc/self/environ", "note": "CANARY"}},
        "val_path",
    ),
    "a folder of data": ({"val_dataset": {"dataset_root": "/CANARY"}}, "dataset_root"),
    "a separator": ({"val_dataset": {"separator": "CANARY"}}, "separator"),
    "a new key of the model": ({"model": {"CANARY": 1}}, "CANARY"),
    "a new key of a transform": (
        {"val_dataset": {"transforms": [{"type": "Resize", "CANARY": [160, 160]}]}},
        "transforms",
    ),
    "a new section": ({"CANARY": {"type": "VisionTransformer"}}, "CANARY"),
    "an unknown type": ({"model": {"type": "CANARY"}}, "type"),
    "a type in a list": ({"model": {"type": ["CANARY"]}}, "type"),
    "a type in a mapping": ({"model": {"type": {"type": "CANARY"}}}, "type"),
    "a number as a type": ({"model": {"type": 1, "note": "CANARY"}}, "type"),
    "a type with a space": ({"model": {"type": " PPLiteSeg", "note": "CANARY"}}, "type"),
    "a type in other letters": ({"model": {"type": "ＰＰLiteSeg", "note": "CANARY"}}, "type"),
    "no type": ({"model": {"type": None, "note": "CANARY"}}, "type"),
    "a tag": ({"model": Tagged("Callable", {"full_type": "eval", "args": [CODE]})}, "model"),
    "a tag on text": ({"model": {"type": Tagged("x", "CANARY")}}, "type"),
    "a tag on a list": ({"val_dataset": {"transforms": Tagged("x", ["CANARY"])}}, "transforms"),
    "a tag as plain keys": ({"model": {"!tag": "Callable", "full_type": CODE}}, "begin with !"),
    "a value as a plain key": ({"model": {"!value": "CANARY"}}, "begin with !"),
    "both as plain keys": ({"model": {"!tag": "x", "!value": {"a": "CANARY"}}}, "begin with !"),
    "a tag that is no text": ({"model": {"!tag": {"a": "CANARY"}}}, "begin with !"),
    "a python tag as a plain key": (
        {"model": {"!tag": "!python/object/apply:os.system", "!value": ["touch CANARY"]}},
        "begin with !",
    ),
    "inheritance that is left over": (
        {"model": {"_inherited_": False, "note": "CANARY"}},
        "_inherited_",
    ),
    "a base below": ({"model": {"_base_": "/CANARY"}}, "_base_"),
    "two equal keys by type": ({"model": {1: "CANARY", "1": 2}}, "'1'"),
    "an export setting": ({"hpi_config_path": "/CANARY"}, "hpi_config_path"),
    "a name for export": ({"pdx_model_name": "CANARY"}, "pdx_model_name"),
    "a long text": ({"model": {"note": "CANARY" + "x" * 400_000}}, "larger than"),
    "text with line separators": ({"model": {"note": "CANARY\u2028\u0085\r\n::error::x"}}, "note"),
    "text that turns around": ({"model": {"note": "CANARY\u202e\u2066"}}, "note"),
    "text for a terminal": ({"model": {"note": "CANARY\x1b[2J"}}, "note"),
    "a key for a terminal": ({"model": {"CANARY\x1b[2J": 1}}, "model"),
    "a key of Markdown": ({"model": {"CANARY`|<img src=x onerror=alert(1)>": 1}}, "model"),
    "a pickle in keys": (PICKLE, ""),
    "layers without end": (
        {"model": {"backbone_indices": [10**9] * 50_000, "note": "CANARY"}},
        "larger than",
    ),
}


def attacks() -> Iterator[Attack]:
    """Each change of a config as a stranger's pull request."""
    yield from config_attacks("seg", CHANGES)
