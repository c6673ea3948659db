"""Exported programs, read, counted, mended and cut: workers only, but for ``feeds``."""
