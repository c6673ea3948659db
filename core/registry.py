"""Registries: the modules of a package that offer a value under one name, such as ``RULE``."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from typing import Any


def registered(package: str, modules: Iterable[str], attribute: str) -> Iterator[Any]:
    """The value ``attribute`` of each module ``PACKAGE.MODULE``, in the order of the registry.

    A registry is thus one tuple of names, and an entry is one line. A Protocol beside the registry
    says what the values offer; mypy checks it where a module annotates its value.
    """
    for module in modules:
        yield getattr(importlib.import_module(f"{package}.{module}"), attribute)
