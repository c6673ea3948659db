"""A suite's repository at one revision together with its manifest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from compress.blobs import Blobs
from compress.manifest import Manifest, Model, find_manifest, load_manifest
from compress.registered import code_group
from compress.resolve import ConfigTree
from compress.suites import SUITES, find_dialect
from compress.suites.dialect import Dialect
from compress.tracked_links import refuse_tracked_links
from core.errors import InputError
from core.files import read_file
from core.git import Entry, GitRepo, open_repo
from core.safe_yaml import MAX_BYTES


@dataclass(frozen=True)
class Checkout:
    """``data``: the folder that stands for the suite's data folder; it need not exist."""

    manifest: Manifest
    manifest_path: Path
    repo: GitRepo
    commit: str
    tree: ConfigTree
    data: Path

    @property
    def dialect(self) -> Dialect:
        """How the suite writes configs."""
        return find_dialect(self.manifest.dialect)

    @property
    def data_dir(self) -> str:
        """The name of the data folder in the suite's configs."""
        return self.manifest.data_dir or self.dialect.data_dir

    @property
    def repositories(self) -> tuple[str, ...]:
        """The suite's own repositories on GitHub."""
        return SUITES[self.manifest.dialect].repositories

    def model(self, name: str) -> Model:
        """The manifest's model of that name; raises InputError with the valid names."""
        for model in self.manifest.models:
            if model.name == name:
                return model
        raise InputError(
            f"unknown model {name!r}",
            key="--model",
            given=name,
            choices=tuple(model.name for model in self.manifest.models),
            hint="name a model of the manifest",
        )


REGULAR_FILE = "100644"
ADDED = "configs/added/"
"""The folder under which added configs appear, so that they can inherit from the suite's."""


def open_checkout(
    suite: str,
    repo_path: Path,
    revision: str,
    data: Path | None,
    added: Sequence[Path] = (),
) -> Checkout:
    """Reads the manifest and the files of the revision; raises InputError.

    ``data`` replaces the suite's own data folder; ``added`` are model configs on disk that join
    those of the revision.
    """
    path = find_manifest(suite)
    manifest = load_manifest(path)
    repo = open_repo(repo_path)
    commit = repo.resolve(revision)
    dialect = find_dialect(manifest.dialect)

    own = {f"{ADDED}{path.name}": _read_added(path) for path in added}

    tree_of_commit = repo.tree(commit)
    blobs = Blobs(repo, (code_group([tree_of_commit], dialect),))

    def read(blob: str) -> bytes | None:
        return own[blob] if blob in own else blobs.read(blob)

    files = {**tree_of_commit, **{path: Entry(REGULAR_FILE, path) for path in own}}
    tree = ConfigTree(files, read, dialect)
    folder = data or repo_path / (manifest.data_dir or dialect.data_dir)
    refuse_tracked_links(repo, folder)
    return Checkout(manifest, path.resolve(), repo, commit, tree, folder.resolve())


def _read_added(path: Path) -> bytes:
    return read_file(path, MAX_BYTES, "give the path of a model config", "--add")
