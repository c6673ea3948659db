"""Keeps the suite's names of parameters, which exported programs no longer know. Workers only."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

LAYERS = "layers.json"
COPIED = re.compile(r"_deepcopy_\d+$")


def write_layers(model: Any, out: Path) -> None:
    """Writes ``layers.json``: by the program's name of each parameter the suite's own, such as
    ``decoder.last_conv.weight``.
    """
    names = {parameter.name: name for name, parameter in model.state_dict().items()}
    (out / LAYERS).write_text(json.dumps(names, indent=1))


def align_layers(model: Path, variables: Iterable[str]) -> dict[str, str]:
    """Rewrites ``layers.json`` by the names in the exported program, and returns it: a suite that
    exports a copy of its model finds ``_deepcopy_7`` and the like behind each name.
    """
    origins = read_layers(model)
    bare = ((name, COPIED.sub("", name)) for name in sorted(variables))
    names = {name: origins[origin] for name, origin in bare if origin in origins}
    (model / LAYERS).write_text(json.dumps(names, indent=1))
    return names


def read_layers(model: Path) -> dict[str, str]:
    """What ``write_layers`` left next to a model; empty if nothing."""
    path = model / LAYERS
    names: dict[str, str] = json.loads(path.read_text()) if path.is_file() else {}
    return names
