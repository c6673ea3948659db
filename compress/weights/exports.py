"""Fetches published archives of exported inference models."""

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
    """Writes ``model.pdmodel`` and ``model.pdiparams`` to ``out``, both or neither; in the archive
    they may have any name and lie in any folder.

    Raises InputError for an address that is not allowed, JobFailure if the archive cannot be
    fetched or does not hold exactly one model.
    """
    if publisher.network is not None:
        check_address(url, publisher.network, "ADDRESS")
    if sha256 is not None and not re.fullmatch("[0-9a-f]{64}", sha256):
        raise InputError(
            f"not a sha256: {sha256!r}",
            key="--sha256",
            given=sha256,
            hint="give 64 digits, 0 to 9 and a to f",
        )
    archive, reason = locate_weights(Weights(url=url, sha256=sha256), Path(), publisher)
    if archive is None:
        raise JobFailure("fetch", "error", reason)
    names = member_names(archive, MAX_BYTES)
    members = {name: _only(names, Path(name).suffix, archive) for name in MODEL_FILES}
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".fetch-") as folder:
        for name, member in members.items():
            extract_member(archive, member, Path(folder) / name, MAX_BYTES)
        for name in members:
            (Path(folder) / name).replace(out / name)


def _only(names: list[str], suffix: str, archive: Path) -> str:
    """The only file with this suffix; ``._…`` are files that macOS adds."""
    matches = [name for name in names if name.endswith(suffix)]
    matches = [name for name in matches if not PurePosixPath(name).name.startswith("._")]
    if len(matches) == 1:
        return matches[0]
    listing = ", ".join(shorten(name) for name in sorted(matches or names)[:5]) or "nothing"
    raise JobFailure(
        "fetch",
        "error",
        f"{archive.name}: {len(matches)} files end in {suffix}, not one: {listing}",
    )
