"""What slimgate has to know about a suite besides its manifest."""

from __future__ import annotations

from dataclasses import dataclass

from compress.suites.dialect import Dialect
from compress.suites.grammar import Naming
from compress.suites.registry_names import Registrars


@dataclass(frozen=True)
class SuiteSupport:
    """What ``compress/suites/NAME/__init__.py`` offers as ``SUITE``.

    ``driver``: the module with ``DRIVER``, imported inside workers only. ``distribution``: the
    package on PyPI with the suite's code, for revisions that hold no code. ``hosts``: the hosts on
    which the suite publishes weights. ``recipe_folders``: its folders of compression configs.
    ``registrars``: how its code registers classes by name; None if that is not known, and then no
    name in a config is doubted. ``naming``: how its configs name components; None if that is not
    known, and then every changed config waits for a maintainer.
    """

    dialect: Dialect
    driver: str
    distribution: str
    hosts: tuple[str, ...]
    recipe_folders: tuple[str, ...]
    registrars: Registrars | None = None
    naming: Naming | None = None
