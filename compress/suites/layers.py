"""Keeps the suite's names of parameters, which exported programs no longer know. Workers only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

LAYERS = "layers.json"


def write_layers(model: Any, out: Path) -> None:
    """Writes ``layers.json``: by the program's name of each parameter the suite's own, such as
    ``decoder.last_conv.weight``.
    """
    names = {parameter.name: name for name, parameter in model.state_dict().items()}
    (out / LAYERS).write_text(json.dumps(names, indent=1))


def read_layers(model: Path) -> dict[str, str]:
    """What ``write_layers`` left next to a model; empty if nothing."""
    path = model / LAYERS
    names: dict[str, str] = json.loads(path.read_text()) if path.is_file() else {}
    return names
