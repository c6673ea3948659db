"""The suites that slimgate supports, a folder each. To add a suite, add its folder and its name.

``NAME/__init__.py`` offers ``SUITE``; ``NAME/dialect.py`` is pure; ``NAME/in_worker/driver.py``
imports Paddle and the suite, inside workers only. No other code names a suite.
"""

from __future__ import annotations

from compress.suites.dialect import Dialect
from compress.suites.support import SuiteSupport
from core.errors import InputError
from core.registry import registered

NAMES = (
    "paddleseg",
    "paddledet",
)

SUITES: dict[str, SuiteSupport] = dict(
    zip(NAMES, registered(__name__, NAMES, "SUITE"), strict=True)
)
"""The suites by the name that a manifest gives as its ``dialect``."""


def find_suite(name: str) -> SuiteSupport:
    """The support for the suite of that name; raises InputError with the valid names."""
    if name not in SUITES:
        raise InputError(
            f"unknown dialect {name!r}",
            key="dialect",
            given=name,
            choices=tuple(SUITES),
            hint="give the name of the suite whose config format this is",
        )
    return SUITES[name]


def find_dialect(name: str) -> Dialect:
    """The dialect of the suite of that name; raises InputError with the valid names."""
    return find_suite(name).dialect
