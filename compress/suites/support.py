"""What slimgate has to know about a suite besides its manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compress.suites.coverage import NOTHING, Coverage
from compress.suites.dialect import Dialect, Document
from compress.suites.grammar import Naming
from compress.suites.registry_names import Registrars, Registry
from core.errors import InputError

Check = Callable[[Document, Registry | None], Iterator[InputError]]
"""Yields what keeps the suite from loading a document. The errors name a key, and no file; the
registry is None if it is not known what the suite registers.
"""

Unmeasured = Callable[[Document, Document, str], Iterator[InputError]]
"""Yields what keeps the accuracy of a model from being the suite's, given its config, the config by
which data are read, and the operation that the export ends with. The errors name a key.
"""

ReadCode = Callable[[str], bytes | None]
"""The content of a file of the suite's code by its path, None if there is no such file."""


def all_measured(model: Document, data: Document, output_op: str) -> Iterator[InputError]:
    """Finds nothing."""
    del model, data, output_op
    return iter(())


def data_only(model: Document, data: Document) -> Document:
    """The config by which data are read, as it is."""
    del model
    return data


def no_check(document: Document, registry: Registry | None) -> Iterator[InputError]:
    """Finds nothing."""
    del document, registry
    return iter(())


@dataclass(frozen=True)
class SuiteSupport:
    """What ``compress/suites/NAME/__init__.py`` offers as ``SUITE``.

    ``driver``: the module with ``DRIVER``, imported inside workers only. ``distribution``: the
    package on PyPI with the suite's code, for revisions that hold no code. ``hosts``: the hosts on
    which the suite publishes weights. ``repositories``: the suite's own on GitHub, as
    ``owner/name``, whose main branches a person trusts. ``recipe_folders``: its folders of
    compression configs. ``registrars``: how its code registers classes by name; None if that is not
    known, and then no name in a config is doubted. ``naming``: how its configs name components;
    None if that is not known, and then every changed config waits for a maintainer. ``check_file``
    looks at a single file before inheritance, and ``check_config`` at the resolved content of a
    model's config. ``training_parts``: attributes of its networks that hold a part which only
    training uses, so that weights with or without this part fit. ``coverage``: what becomes of each
    key; ``unmeasured`` finds values that cannot be measured; ``evaluated(model, data)`` is the
    config by which a model is evaluated whose recipe has data of its own; ``channels``: of a
    config's images, None if it does not say; ``counting``: settings of its scoring that its code
    decides. ``shared_code``: files and folders (with a slash at the end) of code that makes and
    runs every model, whatever its config names; ``entry_points(model)``: by their dotted names, the
    functions and methods of the suite that the driver calls for a model; ``trained_by``: registered
    classes that its training makes whatever a config names.
    """

    dialect: Dialect
    driver: str
    distribution: str
    hosts: tuple[str, ...]
    recipe_folders: tuple[str, ...]
    repositories: tuple[str, ...] = ()
    registrars: Registrars | None = None
    naming: Naming | None = None
    check_file: Check = no_check
    check_config: Check = no_check
    training_parts: tuple[str, ...] = ()
    coverage: Coverage = NOTHING
    unmeasured: Unmeasured = all_measured
    evaluated: Callable[[Document, Document], Document] = data_only
    channels: Callable[[Document], int | None] = lambda _: None
    counting: Callable[[ReadCode], Mapping[str, Any]] = lambda _: {}
    shared_code: tuple[str, ...] = ()
    entry_points: Callable[[Document], tuple[str, ...]] = lambda _: ()
    trained_by: frozenset[str] = frozenset()
