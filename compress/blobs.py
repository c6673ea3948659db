"""Contents of blobs, read in groups: one git process for all configs, one for all code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from core.errors import InputError
from core.git import MAX_BLOB_BYTES, Entry, GitRepo

CHUNK = 1000
MAX_GROUP_BYTES = 256 * 2**20


@dataclass(frozen=True)
class Group:
    """Blobs that are read together when the first of them is asked for. Blobs longer than
    ``max_bytes`` count as missing, and so does what is left once ``max_total_bytes`` are read.
    """

    blobs: frozenset[str]
    max_bytes: int = MAX_BLOB_BYTES
    max_total_bytes: int = MAX_GROUP_BYTES


@dataclass
class Blobs:
    """Reads blobs of a repository by their object names, each at most once."""

    repo: GitRepo
    groups: Collection[Group] = ()
    _contents: dict[str, bytes | None] = field(default_factory=dict)

    def read(self, blob: str) -> bytes | None:
        """The content; None if the object is missing or too large."""
        if blob not in self._contents:
            group = next((g for g in self.groups if blob in g.blobs), Group(frozenset([blob])))
            self._contents.update(self._read_group(group))
        return self._contents[blob]

    def _read_group(self, group: Group) -> Mapping[str, bytes | None]:
        names = sorted(group.blobs)
        contents: dict[str, bytes | None] = dict.fromkeys(names)
        left = group.max_total_bytes
        pending = [names[start : start + CHUNK] for start in range(0, len(names), CHUNK)]
        pending.reverse()
        while pending and left > 0:
            some = pending.pop()
            try:
                read = dict(self.repo.read(some, group.max_bytes))
            except InputError:  # too large together
                if len(some) == 1:
                    raise
                pending += [some[len(some) // 2 :], some[: len(some) // 2]]
                continue
            contents |= read
            left -= sum(len(content or b"") for content in read.values())
        return contents


def blobs_in(
    trees: Iterable[Mapping[str, Entry]], folders: tuple[str, ...], suffixes: tuple[str, ...]
) -> frozenset[str]:
    """The blobs of files below the folders whose names end in one of the suffixes."""
    places = tuple("" if folder == "." else f"{folder.rstrip('/')}/" for folder in folders)
    return frozenset(
        entry.blob
        for tree in trees
        for path, entry in tree.items()
        if path.endswith(suffixes) and path.startswith(places)
    )
