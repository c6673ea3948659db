"""What slimgate has to know about a suite besides its manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from compress.suites.dialect import Dialect, Document
from compress.suites.grammar import Naming
from compress.suites.registry_names import Registrars, Registry
from core.errors import InputError

Check = Callable[[Document, Registry | None], Iterator[InputError]]
"""Yields what keeps the suite from loading a document. The errors name a key, and no file; the
registry is None if it is not known what the suite registers.
"""


def no_check(document: Document, registry: Registry | None) -> Iterator[InputError]:
    """Finds nothing."""
    del document, registry
    return iter(())


@dataclass(frozen=True)
class SuiteSupport:
    """What ``compress/suites/NAME/__init__.py`` offers as ``SUITE``.

    ``driver``: the module with ``DRIVER``, imported inside workers only. ``distribution``: the
    package on PyPI with the suite's code, for revisions that hold no code. ``hosts``: the hosts on
    which the suite publishes weights. ``recipe_folders``: its folders of compression configs.
    ``registrars``: how its code registers classes by name; None if that is not known, and then no
    name in a config is doubted. ``naming``: how its configs name components; None if that is not
    known, and then every changed config waits for a maintainer. ``check_file`` looks at a single
    file before inheritance, and ``check_config`` at the resolved content of a model's config.
    ``training_parts``: attributes of its networks that hold a part which only training uses, so
    that weights with or without this part fit.
    """

    dialect: Dialect
    driver: str
    distribution: str
    hosts: tuple[str, ...]
    recipe_folders: tuple[str, ...]
    registrars: Registrars | None = None
    naming: Naming | None = None
    check_file: Check = no_check
    check_config: Check = no_check
    training_parts: tuple[str, ...] = ()
