"""Models whose behaviour a file scripts, run by real worker processes without Paddle."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench.deployment import Deployment
from bench.engines.targets import find_target
from compress.weights.published import open_publisher
from compress.worker import start
from compress.workshop import Workshop, silent
from core.store import Store

SCRIPTED = "tests.workers.scripted"
SHAPE = (1, 3, 8, 8)
STARTERS = (
    "bench.accuracy",
    "bench.dynamic_shape.collect",
    "bench.dynamic_shape.evaluated",
    "bench.pictures",
    "compress.artifacts.build",
    "compress.artifacts.inspection",
)
"""Modules that start workers under names of their own."""


def data_sections(training, evaluation):
    """A config's data sets of two classes, in the folders of these names, each with its list."""
    return {
        f"{split}_dataset": {
            "type": "Dataset",
            "mode": split,
            "dataset_root": f"data/{folder}",
            f"{split}_path": f"data/{folder}/{split}.txt",
            "num_classes": 2,
        }
        for split, folder in (("train", training), ("val", evaluation))
    }


def label_images(folder, index, names):
    """Images whose pixels are half of class 0 and half of class 1, with labels and their list."""
    for kind in ("images", "labels"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    truth = np.repeat(np.array([0, 1], np.uint8), 500).reshape(25, 40)
    for name in names:
        Image.new("RGB", (40, 25)).save(folder / "images" / f"{name}.jpg")
        Image.fromarray(truth).save(folder / "labels" / f"{name}.png")
    lines = [f"images/{name}.jpg labels/{name}.png\n" for name in names]
    (folder / index).write_text("".join(lines))


@pytest.fixture
def workshop(tmp_path):
    """A workshop with a store of its own, which fetches nothing."""
    store = Store(tmp_path / "store")
    publisher = open_publisher(store, False, silent)
    return Workshop(store, tmp_path / "scratch", 30.0, 1, publisher=publisher)


@pytest.fixture
def said(workshop):
    """A workshop that notes what it says, and the notes."""
    lines = []
    return replace(workshop, say=lines.append), lines


class Models:
    """Makes scripted models in a folder, and reads what was asked of them."""

    def __init__(self, root):
        self.root, self.log = root, root / "requests.txt"

    def folder(self, name, **script):
        folder = self.root / "models" / name
        folder.mkdir(parents=True)
        text = json.dumps({"name": name, "log": str(self.log), **script})
        (folder / "model.pdmodel").write_text(text)
        (folder / "model.pdiparams").write_text("parameters")
        return folder

    def deployed(self, name, target="cpu-onednn-fp32", **script):
        return Deployment(self.folder(name, **script), find_target(target), (), (), SHAPE)

    def requests(self, name=None):
        """What was asked, in order; of one model without its name."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        if name is None:
            return lines
        return [line.removeprefix(f"{name} ") for line in lines if line.startswith(f"{name} ")]


@pytest.fixture
def models(tmp_path, monkeypatch):
    """Scripted models; every worker that is started runs ``tests.workers.scripted``."""

    def run_scripted(module, *arguments, **circumstances):
        return start.run_worker(SCRIPTED, *arguments, **circumstances)

    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    for module in ("bench.timing", "bench.built_engines"):
        monkeypatch.setattr(f"{module}.MODULE", SCRIPTED)
    for module in STARTERS:
        monkeypatch.setattr(f"{module}.run_worker", run_scripted)
    return Models(tmp_path)
