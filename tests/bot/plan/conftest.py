"""A suite with inheritance, a recipe and a data config, and a plan for each change of it."""

import pytest

from bot.plan.cases import Request
from bot.plan.make import make_plan, read_trees
from compress.manifest import load_manifest
from core.git import open_repo

MANIFEST = """
schema: slimgate.manifest/1
suite: s
dialect: paddleseg
config_roots: [configs]
recipe_roots: [deploy]
default_recipe: {name: ptq, file: "slimgate:ptq.yaml"}
models:
  - name: m
    config: configs/m/m.yml
    input_shape: [1, 3, 8, 8]
    recipes: [{name: qat, file: deploy/qat.yaml, data_config: deploy/data.yml}]
"""
FILES = {
    "configs/_base_/data.yml": "batch_size: 2\niters: 10\nval_dataset: {dataset_root: data/x}\n",
    "configs/_base_/mid.yml": "_base_: data.yml\nlr_scheduler: {learning_rate: 0.1}\n",
    "configs/m/m.yml": "_base_: ../_base_/mid.yml\nmodel: {type: A, num_classes: 2}\n",
    "configs/m/other.yml": "_base_: ../_base_/mid.yml\nmodel: {type: B}\n",
    "configs/m/far.yml": "model: {type: C}\n",
    "deploy/qat.yaml": "QuantAware: {}\nTrainConfig: {epochs: 1}\nGlobal: {model_dir: a}\n",
    "deploy/data.yml": "_base_: ../configs/_base_/data.yml\n",
    "README.md": "hello",
    "paddleseg/__init__.py": "".join(
        f"@manager.MODELS.add_component\nclass {name}: pass\n" for name in "ABCDXYZ"
    ),
}


class Planned:
    """Commits files to the suite and plans the difference to its base."""

    def __init__(self, suite, tmp_path):
        self.suite = suite
        self.path = tmp_path / "manifest.yml"
        self.path.write_text(MANIFEST)
        self.base = suite.commit(FILES)

    @property
    def manifest(self):
        return load_manifest(self.path)

    def trees(self, files):
        """Both revisions of the configs, after a commit of these files."""
        head = self.suite.commit(files)
        return read_trees(open_repo(self.suite.path), self.base, head, self.manifest)

    def __call__(self, files, **request):
        head = self.suite.commit(files)
        repo = open_repo(self.suite.path)
        return make_plan(
            repo, self.base, head, self.manifest, self.path, Request(**request), threads=2
        )


@pytest.fixture
def plan(suite, tmp_path):
    return Planned(suite, tmp_path)
