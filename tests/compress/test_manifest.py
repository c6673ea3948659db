import pytest

from compress.manifest import bundled_suites, find_manifest, load_manifest
from core.errors import InputError

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


def test_good(tmp_path):
    assert load(tmp_path, GOOD).models[0].recipes[0].name == "qat"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("suite: s", "suites: s", "nearest: suite"),
        ("config: configs/m.yml", "confg: configs/m.yml", "nearest: config"),
        ("config: configs/m.yml", "config: ../m.yml", "outside the suite"),
        ("config: configs/m.yml", "config: /etc/m.yml", "outside the suite"),
        ("file: deploy/r.yaml", "file: ../../r.yaml", "outside the suite"),
        ("file: deploy/r.yaml", "file: r.yaml", "would go unseen"),
        ("name: qat", "name: fp32", "empty recipe"),
        ("    recipes:", "    input_shape: [1, 3, -1, -1]\n    recipes:", "dynamic_shape: true"),
        ("dialect: paddleseg", "dialect: torch", "paddleseg"),
        ("manifest/1", "manifest/9", "schema"),
        ("suite: s", "suite: s\nsuite: t", "same key twice"),
        ("suite: s", "suite: s\ngate: {max_drop_vs_base_points: .nan}", "gate"),
        ("suite: s", "suite: s\ngate: {max_drop_vs_base_points: -1}", "gate"),
        ("models:", "threads: none\nmodels:", "threads"),
    ],
)
def test_every_mistake_names_file_and_key(tmp_path, old, new, problem):
    with pytest.raises(InputError, match=problem) as caught:
        load(tmp_path, GOOD.replace(old, new))
    assert "m.yml" in str(caught.value)


def test_bundled_manifests_are_valid():
    for path in bundled_suites().values():
        load_manifest(path)


def test_unknown_suite_lists_the_known_ones():
    with pytest.raises(InputError, match="nearest: PaddleSeg"):
        find_manifest("PaddelSeg")
