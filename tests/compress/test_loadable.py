"""Whether a suite could load a config, and which file is to blame."""

from __future__ import annotations

import pytest

from compress.loadable import LoadCheck
from compress.resolve import ConfigTree
from compress.suites import find_suite
from core.errors import InputError
from core.git import Entry

DETECTION = {
    "configs/_base_/optimizer.yml": "LearningRate:\n  schedulers: [!CosineDecay {max_epochs: 3}]\n",
    "configs/_base_/model.yml": "architecture: PicoDet\nPicoDet: {backbone: LCNet}\n",
    "configs/m.yml": "_BASE_: ['_base_/optimizer.yml', '_base_/model.yml']\nepoch: 3\n",
}


def check(dialect: str, files: dict[str, str]) -> LoadCheck:
    suite = find_suite(dialect)
    entries = {path: Entry("100644", path) for path in files}
    return LoadCheck(ConfigTree(entries, lambda blob: files[blob].encode(), suite.dialect), suite)


def blame(dialect: str, files: dict[str, str], path: str) -> tuple[str | None, str | None] | None:
    error = check(dialect, files).problem(path)
    return (error.file, error.key) if error else None


def test_a_config_that_loads_has_no_problem():
    assert check("paddledet", DETECTION).problem("configs/m.yml") is None
    assert check("paddledet", DETECTION).load("configs/m.yml")["epoch"] == 3


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("configs/_base_/optimizer.yml", "Cosine", "Cosines", "LearningRate.schedulers.0"),
        ("configs/_base_/model.yml", "LCNet", "LCNetX", "PicoDet.backbone"),
        ("configs/m.yml", "['", "'", "_BASE_"),
        ("configs/_base_/model.yml", DETECTION["configs/_base_/model.yml"], "# nothing\n", None),
        ("configs/_base_/model.yml", "architecture: PicoDet\n", "a: {\n", None),
        ("configs/_base_/model.yml", "architecture: PicoDet", "architecture:\tPicoDet", None),
    ],
)
def test_the_file_that_holds_the_error_is_named(file, old, new, key):
    text = DETECTION[file].replace(old, new)
    text = text.replace("yml', '_base_/model.yml']", "yml'") if key == "_BASE_" else text
    blamed = blame("paddledet", {**DETECTION, file: text}, "configs/m.yml")
    assert blamed == (file, key)


def test_loading_a_broken_config_raises_its_problem():
    files = {**DETECTION, "configs/_base_/model.yml": "architecture: PicoDett\n"}
    with pytest.raises(InputError, match="no architecture 'PicoDett'; did you mean 'PicoDet'"):
        check("paddledet", files).load("configs/m.yml")


def test_a_tag_may_be_overridden_and_still_keeps_a_file_from_loading():
    files = {**DETECTION, "configs/m.yml": DETECTION["configs/m.yml"] + "LearningRate: !Gone {}\n"}
    assert blame("paddledet", files, "configs/m.yml") == ("configs/m.yml", "LearningRate")
    heir = {**files, "configs/n.yml": "_BASE_: ['m.yml']\nLearningRate: !CosineDecay {}\n"}
    assert blame("paddledet", heir, "configs/n.yml") == ("configs/m.yml", "LearningRate")


def test_a_mark_of_inheritance_is_left_over_only_where_no_base_has_the_mapping():
    files = {
        "configs/base.yml": "optimizer: {type: SGD, momentum: 0.9}\n",
        "configs/m.yml": (
            "_base_: base.yml\nmodel: {type: STDCSeg}\n"
            "optimizer: {_inherited_: False, type: AdamW}\n"
        ),
    }
    assert blame("paddleseg", files, "configs/m.yml") is None
    text = files["configs/m.yml"] + "test_config: {_inherited_: False, aug_eval: true}\n"
    blamed = blame("paddleseg", {**files, "configs/m.yml": text}, "configs/m.yml")
    assert blamed == ("configs/m.yml", "test_config._inherited_")


def test_fragments_may_name_what_their_heirs_replace():
    files = {"configs/base.yml": "val_dataset: {type: Gone}\n"}
    assert blame("paddleseg", files, "configs/base.yml") is None
