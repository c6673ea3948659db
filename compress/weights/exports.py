"""Fetches inference models that others have exported and published as archives."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path, PurePosixPath

from compress.artifacts.artifact import MODEL_FILES
from compress.manifest import Weights
from compress.weights.archive import extract_member, member_names, shorten
from compress.weights.download import MAX_BYTES, check_address
from compress.weights.published import Publisher, locate_weights
from core.errors import InputError, JobFailure


def fetch_export(url: str, sha256: str | None, out: Path, publisher: Publisher) -> None:
    """Writes ``model.pdmodel`` and ``model.pdiparams`` to ``out``, which appear both or not at all;
    in the archive they may have any name and lie in any folder.

    Raises InputError for an address that is not allowed, JobFailure if it cannot be had or is not
    an archive of one model.
    """
    if publisher.network is not None:
        check_address(url, publisher.network, "ADDRESS")
    if sha256 is not None and not re.fullmatch("[0-9a-f]{64}", sha256):
        raise InputError(
            "not a sha256", key="--sha256", given=sha256, hint="give 64 digits, 0 to f"
        )
    archive, why = locate_weights(Weights(url=url, sha256=sha256), Path(), publisher)
    if archive is None:
        raise JobFailure("fetch", "error", why)
    names = member_names(archive, MAX_BYTES)
    members = {name: _only(names, Path(name).suffix, archive) for name in MODEL_FILES}
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".fetch-") as folder:
        for name, member in members.items():
            extract_member(archive, member, Path(folder) / name, MAX_BYTES)
        for name in members:
            (Path(folder) / name).replace(out / name)


def _only(names: list[str], suffix: str, archive: Path) -> str:
    """The one file with this ending; ``._…`` is what macOS puts beside files."""
    found = [name for name in names if name.endswith(suffix)]
    found = [name for name in found if not PurePosixPath(name).name.startswith("._")]
    if len(found) == 1:
        return found[0]
    held = ", ".join(shorten(name) for name in sorted(found or names)[:5]) or "nothing"
    raise JobFailure(
        "fetch", "error", f"{archive.name}: {len(found)} files end in {suffix}, not one: {held}"
    )
