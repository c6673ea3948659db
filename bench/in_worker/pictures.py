"""Worker: draws pictures from predictions that other workers wrote."""

from __future__ import annotations

from bench.in_worker.drawing import draw_pictures
from bench.requests import Drawn, PicturesRequest


def handle(request: PicturesRequest) -> Drawn:
    """Draws the images on which the two folders of predictions disagree most."""
    folders = request.before, request.after
    return Drawn(pictures=draw_pictures(request.job, folders, request.out))
