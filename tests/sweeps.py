"""Parameters of slow tests: some are tried by ``make test``, all others by ``make sweeps``."""

from collections.abc import Iterable

import pytest


def swept(values: Iterable[object], *tried: object) -> list[object]:
    """The values as parameters; those that are not ``tried`` have the marker ``sweep``."""
    return [v if v in tried else pytest.param(v, marks=pytest.mark.sweep) for v in values]
