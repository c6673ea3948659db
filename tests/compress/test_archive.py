"""The old place of ``tests.compress.archives``, for tests that still import from here."""

from tests.compress.archives import make_tar, make_zip

__all__ = ["make_tar", "make_zip"]
