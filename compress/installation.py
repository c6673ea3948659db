"""Where the folders that ship with slimgate lie: beside its packages, installed or checked out."""

from __future__ import annotations

from pathlib import Path


def shipped(folder: str) -> Path:
    """The folder ``configs``, ``templates`` or ``examples``."""
    return Path(__file__).resolve().parent.parent / folder
