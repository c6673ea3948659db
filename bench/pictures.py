"""Draws pictures in a worker and keeps only valid ones.

The predictions and images that they are drawn from are untrusted, so only the worker reads them.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from bench.requests import Drawn, PicturesRequest
from bench.result import Picture
from compress.sandbox.access import Access
from compress.sandbox.leftovers import remove_tree
from compress.worker.start import run_worker
from compress.workshop import Workshop

TIMEOUT_S = 300.0
MAX_PANELS, MAX_PNG_BYTES = 6, 2**20
PNG = b"\x89PNG"


def collect_pictures(
    workshop: Workshop, job: str, folders: tuple[Path, Path], reads: tuple[Path, ...], out: Path
) -> tuple[Picture, ...]:
    """Draws where the predictions in two store entries disagree, as files below ``out``; ``reads``
    are the folders of the images. Raises JobFailure, ValueError or OSError.
    """
    before, after = folders
    workshop.scratch.mkdir(parents=True, exist_ok=True)
    drawings = Path(tempfile.mkdtemp(prefix="pictures-", dir=workshop.scratch))
    request = PicturesRequest(job=job, before=before, after=after, out=drawings)
    try:
        answer, _ = run_worker(
            "bench.in_worker.pictures",
            "pictures",
            request,
            Drawn,
            workplace=workshop.workplace,
            timeout_s=TIMEOUT_S,
            access=Access((before, after, *reads), (drawings,)),
        )
        return tuple(
            _keep(picture, number, drawings, out, job)
            for number, picture in enumerate(answer.pictures)
        )
    finally:
        remove_tree(drawings)


def _keep(picture: Picture, number: int, drawings: Path, out: Path, job: str) -> Picture:
    """The picture with its files copied to names that the worker does not choose."""
    panels = {}
    for name, file in list(picture.panels.items())[:MAX_PANELS]:
        source = (drawings / file).resolve()
        if not source.is_relative_to(drawings.resolve()):
            raise ValueError(f"the picture {file[:80]!r} lies outside its folder")
        if source.stat().st_size > MAX_PNG_BYTES:
            raise ValueError(f"the picture {file[:80]!r} is larger than {MAX_PNG_BYTES} bytes")
        with source.open("rb") as stream:
            if stream.read(len(PNG)) != PNG:
                raise ValueError(f"{file[:80]!r} is not a PNG")
        target = f"{job}/{number}-{re.sub(r'[^A-Za-z0-9]+', '-', name)[:40]}.png"
        (out / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, out / target)
        panels[name] = target
    return Picture(title=picture.title[:300], panels=panels)
