"""The example suites as repositories, and changes to their configs, for attacks on plans."""

import atexit
import functools
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.run.demo import IDENTITY, make_repository
from examples.scenarios import DEMOS
from tests.attack.attack import Ground

CONFIGS = {
    "seg": "configs/pp_liteseg/pp_liteseg_mobilenetv2_shapes_160x160.yml",
    "det": "configs/picodet/picodet_xs_160_lcnet_shapes.yml",
}
"""The config of a model that each suite's manifest names."""
REQUEST = "request.json"


@dataclass(frozen=True)
class Tagged:
    """A YAML node with a local tag."""

    tag: str
    value: Any


@dataclass(frozen=True)
class Suite:
    """A repository in the working folder."""

    path: Path

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        done = subprocess.run(
            ["git", "-C", str(self.path), *arguments],
            input=stdin,
            check=True,
            capture_output=True,
            env={**os.environ, **IDENTITY},
        )
        return done.stdout.decode("utf-8", "replace").strip()

    def commit(self, files: dict[str, str | bytes | None]) -> str:
        """Commits the files (None deletes one) on the current branch; returns the commit."""
        for name, text in files.items():
            path = self.path / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode() if isinstance(text, str) else text)
        self.git("add", "-A", "-f")
        self.git("commit", "-q", "--allow-empty", "-m", "change")
        return self.git("rev-parse", "HEAD")


@functools.cache
def template(name: str) -> Path:
    """An example suite's repository, made once; it is copied for each attack."""
    folder = Path(tempfile.mkdtemp(prefix="suite-"))
    atexit.register(shutil.rmtree, folder)
    return make_repository(DEMOS[name], folder / "suite")


def copy_suite(ground: Ground, name: str) -> Suite:
    """The suite in ``work/suite``, on its branch main."""
    target = ground.work / "suite"
    shutil.copytree(template(name), target, symlinks=True)
    suite = Suite(target)
    suite.git("checkout", "-q", "-f", "main")
    return suite


def request(ground: Ground, suite: Suite, head: str, **fields: Any) -> None:
    """Writes the request of a push of ``head`` by a stranger."""
    base = suite.git("rev-parse", "main")
    values = {
        "schema": "slimgate.request/1",
        "origin": "push",
        "number": 1,
        "base": "main",
        "head": head,
        "base_commit": base,
        "trusted_commit": base,
        "runners": ["cpu"],
        **fields,
    }
    ground.write(REQUEST, json.dumps(values))


def change(ground: Ground, name: str, files: dict[str, str | bytes | None]) -> str:
    """Commits a stranger's change of files on a branch and requests its measurement."""
    suite = copy_suite(ground, name)
    suite.git("checkout", "-q", "-b", "change")
    head = suite.commit(files)
    request(ground, suite, head)
    return head


def change_config(ground: Ground, name: str, patch: Any) -> str:
    """Merges ``patch`` into the suite's model config, as an heir's keys replace its bases'."""
    document = load(template(name), CONFIGS[name])
    return change(ground, name, {CONFIGS[name]: dump(merge(document, patch))})


def load(repository: Path, file: str) -> Any:
    """The config as its branch main has it; the configs that are changed hold no tags."""
    text = subprocess.run(
        ["git", "-C", str(repository), "show", f"main:{file}"], capture_output=True, check=True
    )
    return yaml.safe_load(text.stdout)


def merge(document: Any, patch: Any) -> Any:
    """Mappings are merged, everything else is replaced."""
    if not (isinstance(document, dict) and isinstance(patch, dict)):
        return patch
    return {**document, **{key: merge(document.get(key), value) for key, value in patch.items()}}


class Dumper(yaml.SafeDumper):
    """Writes ``Tagged`` nodes, too."""


def _represent(dumper: yaml.SafeDumper, tagged: Tagged) -> yaml.Node:
    tag = f"!{tagged.tag}"
    if isinstance(tagged.value, dict):
        return dumper.represent_mapping(tag, tagged.value)
    if isinstance(tagged.value, list):
        return dumper.represent_sequence(tag, tagged.value)
    return dumper.represent_scalar(tag, str(tagged.value))


Dumper.add_representer(Tagged, _represent)


def dump(document: Any) -> str:
    """The document as YAML, its keys in order."""
    return yaml.dump(document, Dumper=Dumper, sort_keys=False, allow_unicode=True)
