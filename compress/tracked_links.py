"""Links in a data folder: a person's own are followed, those of a commit are not."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from compress.sandbox.access import links_in
from core.errors import InputError
from core.git import LINK_MODE, SUBMODULE_MODE, GitRepo

MAX_LINKS = 40
"""The links after which the kernel gives up a path."""


def refuse_tracked_links(repo: GitRepo, data: Path) -> None:
    """Raises InputError if git tracks a symbolic link that leads to the data folder, or lies in it
    and leads out of it: workers read what links in a data folder lead to, and whoever wrote the
    commit could choose any file of this machine.

    The links of any repository count: of a submodule, or of another clone that holds the folder or
    that a link of the user's own leads into.
    """
    inside = data.resolve()
    way = {*links_on(data)}
    steps = {link: {*links_on(link)} for link in links_in(data)}
    met = way.union(*steps.values())
    folders = {inside, *(link.resolve() for link in steps), *(link.parent for link in met)}
    tracked = {*_tracked_links(repo, folders)}
    own = [link.resolve() for link, on_way in steps.items() if not tracked & on_way]
    for link in sorted(tracked):
        is_followed = link in met or _is_in([inside, *own], link.parent.resolve())
        if link in way or (is_followed and not _is_in([inside, *own], link.resolve())):
            raise InputError(
                "git tracks this symbolic link, which leads out of the data folder",
                file=str(link),
                hint="link your data sets yourself, in a folder that git does not track, and name "
                "it with --data",
            )


def links_on(path: Path) -> Iterator[Path]:
    """The links that the path leads through, each by its name in the real folder around it."""
    folder, parts, links = Path("/"), list(reversed(path.absolute().parts[1:])), 0
    while parts and links < MAX_LINKS:
        part = parts.pop()
        step = folder / part
        if part == "..":
            folder = folder.parent
        elif step.is_symlink():
            yield step
            links += 1
            target = step.readlink()
            folder = Path("/") if target.is_absolute() else folder
            parts += reversed(target.parts[1:] if target.is_absolute() else target.parts)
        else:
            folder = step


def _tracked_links(repo: GitRepo, folders: Iterable[Path]) -> Iterator[Path]:
    """The links that the repository tracks, those around the folders, and their submodules."""
    pending = [repo, *map(GitRepo, {top for top in map(_top, folders) if top is not None})]
    while pending:
        repo = pending.pop()
        yield from repo.tracked(LINK_MODE)
        pending += [GitRepo(path) for path in repo.tracked(SUBMODULE_MODE) if _is_top(path)]


def _top(folder: Path) -> Path | None:
    """The top of the work tree around a folder; None if there is none."""
    return next(filter(_is_top, (folder, *folder.parents)), None)


def _is_top(folder: Path) -> bool:
    return os.path.lexists(folder / ".git")


def _is_in(places: Iterable[Path], path: Path) -> bool:
    return any(path.is_relative_to(place) for place in places)
