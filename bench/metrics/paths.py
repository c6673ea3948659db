"""Paths that a config gives within a data set."""

from __future__ import annotations

import os
from pathlib import Path

from compress.suites.dialect import Scoring
from core.errors import InputError


def below(folder: Path, scoring: Scoring, key: str) -> Path | None:
    """A path that the config gives within the data set, None if it gives none; raises InputError
    for a path outside.
    """
    setting = scoring.settings.get(key)
    if not setting:
        return None
    relative = Path(os.path.normpath(str(setting)))
    if relative.is_absolute() or relative.parts[:1] == (os.pardir,):
        raise InputError(
            f"the path {str(setting)!r} lies outside the data set",
            key=f"{scoring.section}.{key}",
            given=str(setting),
            hint="give a path below the data set's folder",
        )
    return folder / relative
