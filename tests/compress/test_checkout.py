"""A suite at one revision: its manifest, its configs, those that are added, and its data."""

import pytest

from compress.checkout import ADDED, open_checkout
from core.errors import InputError

MANIFEST = """
schema: slimgate.manifest/1
suite: Example
dialect: paddleseg
config_roots: [configs]
default_recipe: {name: ptq, file: "slimgate:ptq.yaml"}
models:
  - {name: UNet, config: configs/unet.yml}
  - {name: BiSeNet, config: configs/bisenet.yml}
"""


@pytest.fixture
def manifest(tmp_path):
    path = tmp_path / "manifest.yml"
    path.write_text(MANIFEST)
    return path


@pytest.fixture
def commit(suite):
    return suite.commit(
        {"configs/unet.yml": "model: {type: UNet}\niters: 1", "paddleseg/a.py": "1"}
    )


def test_a_revision_is_read_without_checking_it_out(suite, manifest, commit):
    suite.commit({"configs/unet.yml": "model: {type: Changed}"})
    checkout = open_checkout(str(manifest), suite.path, commit[:10], None)
    assert checkout.commit == commit
    assert checkout.manifest_path == manifest
    assert checkout.tree.resolve("configs/unet.yml") == {"model": {"type": "UNet"}, "iters": 1}


def test_models_are_found_by_name(suite, manifest, commit):
    checkout = open_checkout(str(manifest), suite.path, "HEAD", None)
    assert checkout.model("BiSeNet").config == "configs/bisenet.yml"
    with pytest.raises(InputError, match="unknown model 'Unet'") as caught:
        checkout.model("Unet")
    error = caught.value
    assert (error.key, error.choices, error.nearest) == ("--model", ("UNet", "BiSeNet"), "UNet")


@pytest.mark.parametrize(
    ("line", "data_dir"), [("", "data"), ("data_dir: datasets/city\n", "datasets/city")]
)
def test_data_lies_in_the_suite_unless_a_folder_is_given(
    suite, manifest, commit, tmp_path, line, data_dir
):
    manifest.write_text(MANIFEST + line)
    checkout = open_checkout(str(manifest), suite.path, "HEAD", None)
    assert (checkout.data_dir, checkout.data) == (data_dir, suite.path / data_dir)
    elsewhere = open_checkout(str(manifest), suite.path, "HEAD", tmp_path / "x" / ".." / "sets")
    assert elsewhere.data == tmp_path / "sets"


def test_added_configs_inherit_from_the_suites(suite, manifest, commit, tmp_path):
    added = tmp_path / "mine.yml"
    added.write_text("_base_: ../unet.yml\niters: 2")
    tree = open_checkout(str(manifest), suite.path, "HEAD", None, [added]).tree
    assert tree.resolve(f"{ADDED}mine.yml") == {"model": {"type": "UNet"}, "iters": 2}
    assert "configs/unet.yml" in tree.files


def test_a_missing_added_config_is_refused_by_name(suite, manifest, commit, tmp_path):
    with pytest.raises(InputError, match="cannot be read: No such file") as caught:
        open_checkout(str(manifest), suite.path, "HEAD", None, [tmp_path / "absent.yml"])
    assert (caught.value.file, caught.value.key) == (str(tmp_path / "absent.yml"), "--add")


def test_the_hash_of_code_covers_the_suites_packages_only(suite, manifest, commit):
    def code():
        return open_checkout(str(manifest), suite.path, "HEAD", None).tree.code

    before = code()
    suite.commit({"configs/unet.yml": "model: {type: Other}"})
    assert code() == before
    suite.commit({"paddleseg/a.py": "2"})
    assert code() != before
