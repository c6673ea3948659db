"""Keeps the suite's names of parameters, which exported programs lack. Workers only."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

LAYERS = "layers.json"
COPIED = re.compile(r"_deepcopy_\d+$")


def write_layers(model: Any, out: Path) -> None:
    """Writes ``layers.json``: the suite's name of each parameter, such as
    ``decoder.last_conv.weight``, by the program's name.
    """
    names = {parameter.name: name for name, parameter in model.state_dict().items()}
    (out / LAYERS).write_text(json.dumps(names, indent=1))


def align_layers(model: Path, variables: Iterable[str]) -> dict[str, str]:
    """Rewrites ``layers.json`` with the names in the exported program and returns it: where a suite
    exports a copy of its model, names in the program end in ``_deepcopy_7`` or the like.
    """
    origins = read_layers(model)
    bare = ((name, bare_name(name)) for name in sorted(variables))
    names = {name: origins[origin] for name, origin in bare if origin in origins}
    (model / LAYERS).write_text(json.dumps(names, indent=1))
    return names


def bare_name(name: str) -> str:
    """The name of a parameter in the network, of which the program may hold a copy."""
    return COPIED.sub("", name)


def read_layers(model: Path) -> dict[str, str]:
    """The content of a model's ``layers.json``; empty if there is none."""
    path = model / LAYERS
    names: dict[str, str] = json.loads(path.read_text()) if path.is_file() else {}
    return names
