"""Links in a data folder: a person's own are followed, those of a commit are not."""

from __future__ import annotations

import os
from pathlib import Path

from core.errors import InputError
from core.git import GitRepo


def refuse_tracked_links(repo: GitRepo, data: Path) -> None:
    """Raises InputError if git tracks a symbolic link that is the data folder or lies in it, and
    leads out of it: workers read what links in a data folder lead to, and whoever wrote the commit
    could choose any file of this machine.
    """
    inside, steps = data.resolve(), _steps(data)
    for link in repo.tracked_links():
        leads_out = not link.resolve().is_relative_to(inside)
        if link in steps or (link.parent.resolve().is_relative_to(inside) and leads_out):
            raise InputError(
                "git tracks this symbolic link, which leads out of the data folder",
                file=str(link),
                hint="link your data sets yourself, in a folder that git does not track, and name "
                "it with --data",
            )


def _steps(path: Path) -> set[Path]:
    """The path and all that it leads through, each by its name in the real folder around it."""
    absolute = Path(os.path.normpath(path.absolute()))
    return {step.parent.resolve() / step.name for step in (absolute, *absolute.parents)}
