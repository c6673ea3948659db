"""The compression methods, one module each. To add one: a module and a line here."""

from __future__ import annotations

import importlib

from compress.methods.base import Method

METHODS = {
    "asp_prune": "compress.methods.asp_prune",
    "channel_prune": "compress.methods.channel_prune",
    "distill": "compress.methods.distill",
    "ptq": "compress.methods.ptq",
    "qat": "compress.methods.qat",
    "quant_aware": "compress.methods.quant_aware",
    "sparse": "compress.methods.sparse",
    "transformer_prune": "compress.methods.transformer_prune",
}
"""Module by method name; the modules import Paddle and are loaded inside workers only."""


def load_method(name: str) -> Method:
    """The method of that name; ``compress.recipes.parse`` has checked that there is one."""
    method: Method = importlib.import_module(METHODS[name]).METHOD
    return method
