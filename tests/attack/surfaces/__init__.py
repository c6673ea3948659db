"""The surfaces, one module each: what strangers may write. ``attacks()`` yields its attacks."""

import importlib
from collections.abc import Iterator

from tests.attack.attack import Attack

NAMES = (
    "seg_configs",
    "det_configs",
    "yaml_bytes",
    "results",
    "result_files",
    "statistics",
    "pictures",
    "reports",
    "plans",
    "records",
    "comments",
    "events",
    "manifests",
    "recipes",
    "archives",
    "trees",
    "changes",
    "stores",
    "options",
    "workers",
)


def attacks_of(surface: str) -> Iterator[Attack]:
    """The attacks of one surface."""
    return importlib.import_module(f"{__name__}.{surface}").attacks()
