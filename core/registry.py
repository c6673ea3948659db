"""Registries: the modules of a package that offer a value under one name, such as ``RULE``."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from typing import Any


def registered(package: str, modules: Iterable[str], attribute: str) -> Iterator[Any]:
    """The value ``attribute`` of each module ``PACKAGE.MODULE``, in the order of the registry.

    So a registry is one tuple of names, and adding to it is one line. What the value has to offer
    is a Protocol beside the registry; mypy holds each module against it where the module says so.
    """
    for module in modules:
        yield getattr(importlib.import_module(f"{package}.{module}"), attribute)
