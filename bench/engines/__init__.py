"""The inference engines, one module each. To add one: its module and its name here."""

from __future__ import annotations

from bench.engines.base import Engine
from core.registry import registered

NAMES = (
    "cpu_native",
    "cpu_onednn",
    "cpu_openvino",
    "gpu_native",
    "gpu_trt",
)

ENGINES: tuple[Engine, ...] = tuple(registered(__name__, NAMES, "ENGINE"))
