"""Compares our inheritance with the suite's own on every config of a checkout.

``python -m examples.check_resolve paddleseg|paddledet CHECKOUT [REVISION]`` writes the
revision's configs to a temporary folder, loads each with the installed suite's loader and with
ours, and prints how many agree. Local tags, which PaddleDetection turns into objects, are kept
as data on both sides, so that their contents are compared too.
"""

from __future__ import annotations

import sys
import tempfile
import zlib  # noqa: F401  before paddle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.plan.trees import config_paths
from compress.differences import differing_keys
from compress.manifest import bundled_suites, load_manifest
from compress.resolve import ConfigTree
from compress.suites import find_dialect
from core.errors import InputError
from core.git import open_repo
from core.safe_yaml import TAG_KEY, VALUE_KEY

SUITES = {"paddleseg": "PaddleSeg", "paddledet": "PaddleDetection"}


def check(dialect_name: str, checkout: Path, revision: str) -> int:
    """Prints the differences and the count; returns how many configs differ."""
    manifest = load_manifest(bundled_suites()[SUITES[dialect_name]])
    repo = open_repo(checkout)
    files = repo.tree(repo.resolve(revision))
    yaml_files = {p: e for p, e in files.items() if p.endswith((".yml", ".yaml"))}
    blobs = dict(repo.read({entry.blob for entry in yaml_files.values()}))
    tree = ConfigTree(files, blobs.get, find_dialect(dialect_name))
    agree = refused = differ = 0
    with tempfile.TemporaryDirectory() as folder:
        for path, entry in yaml_files.items():
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(blobs[entry.blob] or b"")
        for path in config_paths(tree, manifest):
            theirs, ours = load_as_suite(dialect_name, Path(folder) / path), _ours(tree, path)
            if theirs is None and ours is None:
                refused += 1
            elif theirs is not None and ours is not None and not differing_keys(theirs, ours):
                agree += 1
            else:
                differ += 1
                keys = differing_keys(theirs, ours)[:4]
                print(f"{path}: {keys or 'one of the loaders refuses it'}")
    print(f"{agree} agree, {differ} differ, {refused} refused by both")
    return differ


def _ours(tree: ConfigTree, path: str) -> Any:
    try:
        return _plain(tree.resolve(path))
    except InputError:
        return None


def load_as_suite(dialect_name: str, path: Path) -> Any:
    """What the installed suite's own loader reads, as plain data; None if it refuses the file."""
    try:
        if dialect_name == "paddleseg":
            from paddleseg.cvlibs.config import parse_from_yaml

            return _plain(parse_from_yaml(str(path)))
        from ppdet.core import workspace

        workspace.global_config = workspace.AttrDict()
        workspace.yaml.Loader = _TaggedLoader
        return _plain(workspace._load_config_with_base(str(path)))
    except Exception as error:  # noqa: BLE001  whatever the suite's loader raises counts as refusal
        print(f"{path.name}: suite: {type(error).__name__}", file=sys.stderr)
        return None


@dataclass(frozen=True)
class _Tagged:
    """What a local tag holds: an object to the suite's merge, data to the comparison."""

    value: Any


class _TaggedLoader(yaml.SafeLoader):
    pass


def _construct(loader: yaml.SafeLoader, _suffix: str, node: yaml.Node) -> _Tagged:
    if isinstance(node, yaml.MappingNode):
        return _Tagged(loader.construct_mapping(node, deep=True))
    if isinstance(node, yaml.SequenceNode):
        return _Tagged(loader.construct_sequence(node, deep=True))
    return _Tagged(loader.construct_scalar(node))  # type: ignore[arg-type]


_TaggedLoader.add_multi_constructor("!", _construct)


def _plain(value: Any) -> Any:
    """Plain data from either loader: tagged objects become mappings without their tags."""
    if isinstance(value, dict):
        if VALUE_KEY in value:
            return _plain(value[VALUE_KEY])
        return {str(k): _plain(v) for k, v in value.items() if k != TAG_KEY}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return _plain(value.value) if isinstance(value, _Tagged) else value


if __name__ == "__main__":
    sys.exit(min(1, check(sys.argv[1], Path(sys.argv[2]), (sys.argv[3:] or ["HEAD"])[0])))
