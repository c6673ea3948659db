"""Manifests: every mistake names the file, the key and what is allowed."""

from pathlib import Path

import pytest

from compress.manifest import Weights, bundled_suites, find_manifest, load_manifest, under
from core.errors import InputError
from core.schema import validate

GOOD = """
schema: slimgate.manifest/1
suite: s
dialect: paddleseg
config_roots: [configs]
recipe_roots: [deploy]
models:
  - name: m
    config: configs/m.yml
    recipes: [{name: qat, file: deploy/r.yaml}]
"""


def load(tmp_path, text):
    path = tmp_path / "m.yml"
    path.write_text(text)
    return load_manifest(path)


@pytest.mark.parametrize("name", ["", "a\\0b", "a\\u202e", "a\\n", "a" * 101])
def test_a_suite_has_a_name_that_can_be_shown(tmp_path, name):
    with pytest.raises(InputError) as caught:
        load(tmp_path, GOOD.replace("suite: s", f'suite: "{name}"'))
    assert caught.value.key == "suite"


def test_a_manifest_is_read_up_to_a_limit():
    with pytest.raises(InputError, match="larger than 200000 bytes"):
        load_manifest(Path("/dev/zero"))


def test_a_complete_manifest_is_read(tmp_path):
    assert load(tmp_path, GOOD).models[0].recipes[0].name == "qat"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("suite: s", "suites: s", "nearest: suite"),
        ("config: configs/m.yml", "confg: configs/m.yml", "nearest: config"),
        ("config: configs/m.yml", "config: ../m.yml", "outside the suite"),
        ("config: configs/m.yml", "config: /etc/m.yml", "outside the suite"),
        ("file: deploy/r.yaml", "file: ../../r.yaml", "outside the suite"),
        ("file: deploy/r.yaml", "file: r.yaml", "would be missed"),
        ("config: configs/m.yml", "config: configs/../../m.yml", "outside the suite"),
        ("config: configs/m.yml", "config: ..", "outside the suite"),
        ("name: m", f"name: {'m' * 101}", "at most 100 characters"),
        ("suite: s", "suite: s\nquick: {stage_timeout_s: 1.0e+300}", "stage_timeout_s"),
        ("suite: s", "suite: s\nthreads: 9" + "9" * 60, "threads"),
        ("name: qat", "name: fp32", "empty recipe"),
        ("    recipes:", "    input_shape: [1, 3, -1, -1]\n    recipes:", "dynamic_shape: true"),
        ("dialect: paddleseg", "dialect: torch", "paddleseg"),
        ("manifest/1", "manifest/9", "schema"),
        ("suite: s", "suite: s\nsuite: t", "same key twice"),
        ("suite: s", "suite: s\ngate: {max_drop_vs_base_points: .nan}", "gate"),
        ("suite: s", "suite: s\ngate: {max_drop_vs_base_points: -1}", "gate"),
        ("models:", "threads: none\nmodels:", "threads"),
        (
            "    recipes: [",
            "    recipes: [{name: qat, file: deploy/s.yaml}, ",
            "'m.qat' is used twice",
        ),
        ("models:", "models:\n  - {name: m, config: configs/m.yml}", "'m' is used twice"),
        ("recipes: [{name: qat, file: deploy/r.yaml}]", "recipes: []", "m has no recipe"),
        (
            "config: configs/m.yml",
            "config: other/m.yml",
            "add its folder to config_roots or recipe_roots",
        ),
        ("recipe_roots: [deploy]", "recipe_roots: [../deploy]", "outside the suite"),
    ],
)
def test_every_mistake_names_file_and_key(tmp_path, old, new, problem):
    with pytest.raises(InputError, match=problem) as caught:
        load(tmp_path, GOOD.replace(old, new))
    assert "m.yml" in str(caught.value)


def test_a_folder_whose_name_begins_with_two_dots_lies_inside(tmp_path):
    manifest = load(tmp_path, GOOD.replace("configs", "..configs"))
    assert manifest.models[0].config == "..configs/m.yml"


def test_bundled_manifests_are_valid():
    for path in bundled_suites().values():
        load_manifest(path)


def test_an_unknown_suite_lists_the_bundled_ones():
    with pytest.raises(InputError, match="nearest: PaddleSeg"):
        find_manifest("PaddelSeg")


def test_a_manifest_may_be_a_file_of_your_own(tmp_path):
    path = tmp_path / "m.yml"
    path.write_text(GOOD)
    assert find_manifest(str(path)) == path


@pytest.mark.parametrize("suite", ["absent/m.yml", "m.yaml", "folder/m"])
def test_a_missing_file_is_not_taken_for_an_unknown_name(suite):
    with pytest.raises(InputError, match="no such file") as caught:
        find_manifest(suite)
    error = caught.value
    assert (error.file, error.key) == (suite, "--suite")
    assert "PaddleSeg" in error.choices


def test_a_manifest_that_cannot_be_read_is_refused_by_name(tmp_path):
    with pytest.raises(InputError, match="cannot be read: Is a directory") as caught:
        load_manifest(tmp_path)
    assert caught.value.file == str(tmp_path)


def test_a_recipe_that_ships_with_slimgate_needs_no_root(tmp_path):
    manifest = load(tmp_path, GOOD.replace("deploy/r.yaml", "slimgate:ptq.yaml"))
    assert manifest.models[0].recipes[0].file == "slimgate:ptq.yaml"


def test_a_default_recipe_serves_models_without_one(tmp_path):
    text = GOOD.replace("    recipes: [{name: qat, file: deploy/r.yaml}]", "")
    manifest = load(tmp_path, text + "default_recipe: {name: ptq, file: deploy/r.yaml}")
    assert manifest.models[0].recipes == ()


def test_paths_are_normalised(tmp_path):
    manifest = load(tmp_path, GOOD.replace("configs/m.yml", "./configs/x/../m.yml"))
    assert manifest.models[0].config == "configs/m.yml"


@pytest.mark.parametrize(
    ("data", "fits"),
    [
        ({"path": "w"}, True),
        ({"url": "https://x/w", "member": "m"}, True),
        ({}, False),
        ({"path": "w", "url": "https://x/w"}, False),
        ({"path": "w", "sha256": "AB" * 32}, False),
        ({"path": "w", "member": ""}, False),
    ],
)
def test_weights_come_from_one_place(data, fits):
    if fits:
        assert validate(Weights, data, "m.yml").path == data.get("path")
    else:
        with pytest.raises(InputError):
            validate(Weights, data, "m.yml")


@pytest.mark.parametrize(
    ("path", "roots", "below"),
    [
        ("configs/a.yml", ["configs"], True),
        ("configs/a.yml", ["configs/"], True),
        ("configs/a.yml", ["deploy", "."], True),
        ("configs2/a.yml", ["configs"], False),
        ("configs", ["configs"], False),
        ("a.yml", [], False),
    ],
)
def test_a_root_is_a_whole_folder(path, roots, below):
    assert under(path, roots) is below


@pytest.mark.parametrize("name", ["PaddleSeg", "paddleseg", "PADDLESEG", "pAdDlEsEg"])
def test_a_bundled_suite_is_found_in_any_letter_case(name):
    assert find_manifest(name) == bundled_suites()["PaddleSeg"]


def test_a_file_goes_before_a_bundled_name_in_another_letter_case(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "paddleseg").write_text(GOOD)
    (tmp_path / "PaddleSeg").write_text(GOOD)
    assert find_manifest("paddleseg") == Path("paddleseg")
    assert find_manifest("PaddleSeg") == bundled_suites()["PaddleSeg"]


def test_a_missing_manifest_file_is_not_taken_for_a_name():
    with pytest.raises(InputError, match="no such file") as caught:
        find_manifest("gone/paddleseg.yml")
    assert caught.value.file == "gone/paddleseg.yml"
    assert "PaddleSeg" in caught.value.choices
