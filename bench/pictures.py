"""Has pictures drawn by a worker, and keeps what are pictures indeed.

What is drawn from (predictions, images) may be made to break whoever reads it.
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
    """Pictures of where the predictions in two store entries disagree, as files below ``out``.
    Raises JobFailure, ValueError or OSError.
    """
    before, after = folders
    workshop.scratch.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="pictures-", dir=workshop.scratch))
    request = PicturesRequest(job=job, before=before, after=after, out=made)
    try:
        drawn, _ = run_worker(
            "bench.in_worker.pictures",
            "pictures",
            request,
            Drawn,
            workplace=workshop.workplace,
            timeout_s=TIMEOUT_S,
            access=Access((before, after, *reads), (made,)),
        )
        return tuple(
            _keep(picture, number, made, out, job) for number, picture in enumerate(drawn.pictures)
        )
    finally:
        remove_tree(made)


def _keep(picture: Picture, number: int, made: Path, out: Path, job: str) -> Picture:
    """The picture with its files copied under names of ours."""
    panels = {}
    for name, file in list(picture.panels.items())[:MAX_PANELS]:
        source = (made / file).resolve()
        if not source.is_relative_to(made.resolve()) or source.stat().st_size > MAX_PNG_BYTES:
            raise ValueError(f"{file[:80]!r} is no picture of ours")
        with source.open("rb") as stream:
            if stream.read(len(PNG)) != PNG:
                raise ValueError(f"{file[:80]!r} is not a PNG")
        kept = f"{job}/{number}-{re.sub(r'[^A-Za-z0-9]+', '-', name)[:40]}.png"
        (out / kept).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, out / kept)
        panels[name] = kept
    return Picture(title=picture.title[:300], panels=panels)
