"""Worker: exports a model config to an inference model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from compress.workers.suite import enter_suite, write_config


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``resolved``, ``weights``, ``shape``, ``output_op``, ``out`` → files there, and ``remarks``."""
    driver = enter_suite(request)
    weights = Path(request["weights"]) if request["weights"] else None
    remarks = driver.export(
        write_config(request["resolved"]),
        weights,
        request["shape"],
        request["output_op"],
        Path(request["out"]),
    )
    return {"remarks": remarks}
