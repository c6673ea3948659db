"""The inference engines, one module each. To add one: its module and its name here."""

from __future__ import annotations

from bench.engines.base import Engine
from core.registry import registered

NAMES = (
    "native",
    "onednn",
)

ENGINES: tuple[Engine, ...] = tuple(registered(__name__, NAMES, "ENGINE"))
