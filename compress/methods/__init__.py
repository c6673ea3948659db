"""The compression methods, one folder each. To add one, add its folder and its name here.

``NAME/__init__.py`` offers ``METHOD`` (pure: its sections and their schemas);
``NAME/in_worker/method.py`` offers ``METHOD``, which compresses a model, inside workers only.
"""

from __future__ import annotations

from compress.methods.base import MethodSpec, Role
from core.registry import registered

NAMES = (
    "qat",
    "distill",
    "ptq",
    "channel_prune",
    "asp_prune",
    "transformer_prune",
    "sparse",
    "quant_aware",
)

METHODS: dict[str, MethodSpec] = dict(
    zip(NAMES, registered(__name__, NAMES, "METHOD"), strict=True)
)


def methods_of(role: Role) -> dict[str, MethodSpec]:
    """The methods of a role by name, in the order of the registry."""
    return {name: spec for name, spec in METHODS.items() if spec.role == role}
