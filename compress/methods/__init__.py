"""The compression methods, one module each. To add one: a module and a line here."""

from __future__ import annotations

import importlib

from compress.methods.base import Method

METHODS = {
    "qat": "compress.methods.qat",
    "ptq": "compress.methods.ptq",
}
"""Module by method name; the modules import Paddle and are loaded inside workers only."""


def load_method(name: str) -> Method:
    """The method of that name; ``compress.recipe`` has checked that there is one."""
    method: Method = importlib.import_module(METHODS[name]).METHOD
    return method
