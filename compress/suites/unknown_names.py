"""Errors about names that a suite does not register, worded the same for both suites."""

from __future__ import annotations

from collections.abc import Collection

from compress.suites.registry_names import Registry
from core.errors import InputError, shown

MAX_CHOICES = 12


def unknown_name(
    name: object, names: Collection[str], key: str, kind: str, registry: Registry | None
) -> InputError | None:
    """The error about a name that is none of these; None for a valid one, and where it is not
    known for certain what the suite registers.
    """
    if registry is None or not registry.is_complete or _is_among(name, names):
        return None
    if isinstance(name, (dict, list)):
        hint = f"write the name of a {kind}"
        return InputError(f"the name of a {kind} is needed, not {shown(name)}", key=key, hint=hint)
    error = InputError(
        f"the suite has no {kind} {shown(name)}",
        key=key,
        given=str(name),
        choices=sorted(names),
        hint="correct the name, or register the class in the suite's code",
    )
    near = f"; did you mean {error.nearest!r}?" if error.nearest else ""
    error.message += near
    if len(names) > MAX_CHOICES:
        error.choices = (error.nearest,) if error.nearest else ()
    return error


def _is_among(name: object, names: Collection[str]) -> bool:
    """Whether a value of any type is one of the names; a list or a mapping cannot be looked up."""
    return isinstance(name, str) and name in names
