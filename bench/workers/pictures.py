"""Worker: draws pictures from predictions that other workers left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.pictures import draw_pictures


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``job``, ``before``, ``after`` (folders of predictions), ``out`` → ``pictures``."""
    folders = Path(request["before"]), Path(request["after"])
    pictures = draw_pictures(request["job"], folders, Path(request["out"]))
    return {"pictures": [picture.model_dump() for picture in pictures]}
