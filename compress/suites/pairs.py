"""How segmentation data sets name images and label maps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pairs:
    """How a data set names its images and label maps, relative to its folder.

    ``listed``: a list file with a line for each pair, None if a config names it; ``separator``:
    between the two words of a line, None for white space. ``image`` and ``label`` are
    templates for these words or, without a list, patterns of files that are paired in their order.
    ``shift`` is added to every label, modulo 256.
    """

    listed: str | None = None
    is_listed: bool = True
    separator: str | None = None
    image: str = "{}"
    label: str = "{}"
    shift: int = 0
