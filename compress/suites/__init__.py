"""The suites that are known, one folder each: a pure dialect here, a driver for workers there.

To add a suite: a folder with ``dialect.py`` (pure: inheritance, what each key touches) and
``driver.py`` (imports Paddle and the suite; workers only), and one line in each registry.
"""

from __future__ import annotations

from compress.errors import InputError
from compress.suites.base import Dialect
from compress.suites.paddledet.dialect import PaddleDetDialect
from compress.suites.paddleseg.dialect import PaddleSegDialect

DIALECTS: dict[str, Dialect] = {
    "paddleseg": PaddleSegDialect(),
    "paddledet": PaddleDetDialect(),
}

DRIVERS = {
    "paddleseg": "compress.suites.paddleseg.driver",
    "paddledet": "compress.suites.paddledet.driver",
}
"""Module names, imported only inside workers."""


def find_dialect(name: str) -> Dialect:
    """The dialect of that name; raises InputError with the valid ones."""
    if name not in DIALECTS:
        raise InputError(
            f"unknown dialect {name!r}",
            key="dialect",
            given=name,
            choices=tuple(DIALECTS),
            hint="name the suite whose configs these are like",
        )
    return DIALECTS[name]
