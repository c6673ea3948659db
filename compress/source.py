"""Prepares what a worker needs of a suite: the code of one revision, the data, the weights."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from compress.runtimes.runtime import Runtime, own_runtime
from compress.sandbox.access import present, with_link_targets
from compress.suites.dialect import DataPlace, Dialect, Document
from compress.versions import suite_versions
from compress.worker.requests import SuiteRequest
from core.canonical import content_hash
from core.errors import InputError, JobFailure
from core.files import is_file
from core.git import REGULAR_MODES, GitRepo
from core.store import Store, hash_file

CODE_SUFFIXES = (".py", ".yml", ".yaml", ".json", ".txt")


@dataclass(frozen=True)
class SuiteSource:
    """One side of a suite as workers see it.

    ``code``: folder with the suite's packages, None for the installed ones; ``code_id`` changes
    with the code's content. ``data``: the real folder behind ``data_dir``, None if absent.
    ``change``: the change that it belongs to, None if it is part of the base branch; ``runtime``:
    where the installed packages lie.
    """

    dialect: str
    code: Path | None
    code_id: str
    data_dir: str
    data: Path | None
    change: str | None = None
    runtime: Runtime = field(default_factory=own_runtime)

    @property
    def data_places(self) -> tuple[Path, ...]:
        """The data folder, and the targets of links in it."""
        return with_link_targets(present(self.data))

    @property
    def places(self) -> tuple[Path, ...]:
        """Every folder that a worker of this side reads."""
        return (*present(self.code), *self.data_places)

    def read_code(self, path: str) -> bytes | None:
        """The content of a file of the suite's code, or of the installed package if a revision has
        none of its own; None if there is no such file.
        """
        root = self.code or self.runtime.packages_with(Path(path).parts[0])
        file = root / path if root else None
        return file.read_bytes() if file is not None and file.is_file() else None

    def without_data(self) -> SuiteSource:
        """The same side for workers that need no images."""
        return replace(self, data=None)

    def request(self) -> SuiteRequest:
        """The ``suite`` part of a worker's request."""
        return SuiteRequest(
            dialect=self.dialect, code=self.code, data_dir=self.data_dir, data=self.data
        )


def lay_out_code(
    repo: GitRepo, commit: str, dialect: Dialect, store: Store, runtime: Runtime
) -> tuple[Path | None, str]:
    """The folder in the store with the suite's packages at ``commit``, and their content hash.

    A revision without packages yields None and a hash of the installed versions. Only regular
    source files are written: no links and no large files; nothing is executed.
    """
    ids = {folder: repo.tree_id(commit, folder) for folder in dialect.code}
    if not any(ids.values()):
        return None, content_hash(suite_versions(runtime))

    def write(folder: Path) -> None:
        blobs = {
            path: entry.blob
            for path, entry in repo.tree(commit).items()
            if path.split("/")[0] in dialect.code
            and entry.mode in REGULAR_MODES
            and path.endswith(CODE_SUFFIXES)
        }
        contents = dict(repo.read(set(blobs.values())))
        for path, blob in blobs.items():
            content = contents[blob]
            if content is not None:
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)

    code_id = content_hash({"kind": "code", "trees": ids})
    return store.build(code_id, write)[0], code_id


def find_data(place: DataPlace, data_dir: str, data: Path | None) -> tuple[Path | None, str]:
    """The real folder of a config's data set and "", or None and the reason.

    A folder without its list or annotation file counts as empty: suites ship such folders.
    """
    if place.root is None:
        return None, "the config names no data set"
    folder = _below(place.root, data_dir, data)
    if folder is None or not folder.is_dir():
        return None, f"no data at {place.root}"
    index = _below(place.index, data_dir, data) if place.index else folder
    if index is None or not index.exists():
        return None, f"no data: {place.index} is missing"
    return folder, ""


def find_index(place: DataPlace, data_dir: str, data: Path | None) -> Path | None:
    """The list or annotation file of a data set; None if the config names none."""
    path = _below(place.index, data_dir, data) if place.index else None
    return path.resolve() if path else None


def _below(path: str, data_dir: str, data: Path | None) -> Path | None:
    """A config's path, moved to the folder that stands for ``data_dir``; None for other folders."""
    parts = Path(os.path.normpath(path)).parts
    if not parts or parts[0] != data_dir or data is None:
        return None
    return data.joinpath(*parts[1:])


def find_training_data(
    dialect: Dialect, config: Document, data_dir: str, data: Path | None
) -> tuple[tuple[Path, ...] | None, str]:
    """The folders of the training and the evaluation data and "", or None and the reason."""
    folders = []
    for place in (dialect.training_data(config), dialect.evaluation_data(config)):
        folder, reason = find_data(place, data_dir, data)
        if folder is None:
            return None, reason
        folders.append(folder)
    return tuple(dict.fromkeys(folders)), ""


def fingerprint_data(folder: Path) -> str:
    """Hash of the paths and sizes of all files, and of the contents of lists and annotations. The
    contents of all images would take minutes: data sets have up to hundreds of gigabytes.
    """
    listing: list[Sequence[Any]] = []
    for parent, _, names in os.walk(folder, followlinks=True):
        for path in (Path(parent) / name for name in names):
            size_bytes = path.stat().st_size if path.exists() else -1
            is_text = path.suffix in (".txt", ".json", ".xml") and 0 <= size_bytes < 2**28
            digest = hash_file(path) if is_text else ""
            listing.append((path.relative_to(folder).as_posix(), size_bytes, digest))
    return content_hash(sorted(listing))


def fingerprint_files(files: Iterable[Path]) -> str:
    """Hash of the contents of files, in their order; each is read once while it stays as it is."""
    return content_hash([_hash_once(file, *_version(file)) for file in files])


def _version(file: Path) -> tuple[int, int, int]:
    """What changes with the content of a regular file; zeros for anything else."""
    if not file.is_file():
        return 0, 0, 0
    status = file.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


@functools.lru_cache(maxsize=2**18)
def _hash_once(file: Path, inode: int, size_bytes: int, changed_ns: int) -> str:
    del size_bytes, changed_ns
    return hash_file(file) if inode else ""


def find_weights(path: Path, sha256: str | None) -> Path:
    """The weights file; raises InputError if it is missing, JobFailure if its hash differs."""
    if not is_file(path):
        raise InputError(
            "the weights file does not exist",
            file=str(path),
            key="weights.path",
            hint="correct the path in the manifest, or fetch the weights",
        )
    if sha256 is not None and hash_file(path) != sha256:
        raise JobFailure("export", "error", f"{path.name} does not match its sha256")
    return path
