"""The pictures of the page: each once, as many as the page has room for."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.result import Picture
from bot.report.report import CaseReport

MAX_PICTURE_BYTES = 2**20
MAX_GALLERY_BYTES = 16 * 2**20
"""All pictures of a page together, as files."""
MAX_TITLES, MAX_PANELS = 40, 6
"""Pictures of a case, and panels of a picture."""
PNG = b"\x89PNG"


@dataclass(frozen=True)
class Panel:
    """One panel: a ``data:`` address where the picture is first shown under ``name``, and None with
    the same name wherever it is shown again. ``name`` is empty for a file that is not shown.
    """

    name: str
    address: str | None


@dataclass
class Gallery:
    """What has been embedded, by the hash of the content; ``room`` is in bytes."""

    room: int = MAX_GALLERY_BYTES
    names: dict[str, str] = field(default_factory=dict)
    panels: dict[Path, Panel] = field(default_factory=dict)

    def panel(self, folder: Path, file: str) -> Panel:
        """The panel for a file of the results. Not shown is a file that is missing, too large, not
        a PNG, outside the folder, or beyond the page's room.
        """
        path = folder / file
        if path not in self.panels:
            embedded = self._embed(folder, path)
            self.panels[path] = Panel(embedded.name, None)
            return embedded
        return self.panels[path]

    def _embed(self, folder: Path, path: Path) -> Panel:
        content = read_picture(folder, path) if self.room > 0 else b""
        key = hashlib.sha256(content).hexdigest()
        if not content or key in self.names:
            return Panel(self.names.get(key, ""), None)
        if len(content) > self.room:
            return Panel("", None)
        self.room -= len(content)
        self.names[key] = f"picture-{len(self.names) + 1}"
        encoded = base64.b64encode(content).decode()
        return Panel(self.names[key], f"data:image/png;base64,{encoded}")


def read_picture(folder: Path, path: Path) -> bytes:
    """The bytes of a PNG of the folder; empty for any other file."""
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        if not inside or path.is_symlink() or not path.is_file():
            return b""
        if path.stat().st_size > MAX_PICTURE_BYTES:
            return b""
        content = path.read_bytes()
    except (OSError, ValueError):  # such as a name that is too long, or holds a null byte
        return b""
    return content if content.startswith(PNG) else b""


def hang(
    cases: Iterable[CaseReport], results: Mapping[str, Path]
) -> dict[str, list[tuple[str, dict[str, Panel]]]]:
    """By label of the case: the title of each picture, with its panels by name."""
    gallery = Gallery()
    return {
        case.label: list(_hang(gallery, case.pictures[:MAX_TITLES], results[case.runner]))
        for case in cases
    }


def _hang(
    gallery: Gallery, pictures: Iterable[Picture], folder: Path
) -> Iterator[tuple[str, dict[str, Panel]]]:
    for picture in pictures:
        files = list(picture.panels.items())[:MAX_PANELS]
        yield picture.title, {name: gallery.panel(folder, file) for name, file in files}
