"""A fresh emulated GitHub for each test that takes ``world``."""

from tests.github.world import world

__all__ = ["world"]
