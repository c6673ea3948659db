"""Tells whether PyYAML's own parser reads a text as libyaml does.

slimgate reads with libyaml, which is fast. The suites read with the parser that PyYAML has in
Python, which refuses some of what libyaml takes: above all, tabs beside a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import yaml

from core.errors import InputError
from core.yaml_bounds import LOADER, first_document
from core.yaml_simple import bracket_depth


def parsers_differ(text: str, file: str) -> InputError | None:
    """Why PyYAML's own parser refuses a text that libyaml takes, or where it reads something else;
    None if both read the same. It goes on only as far as both agree, so that a text within the
    bounds of ``check_bounds`` is bounded work; a simple text is not parsed at all.
    """
    if bracket_depth(text) is not None:
        return None
    try:
        for ours, theirs in zip_longest(_parts(text, LOADER), _parts(text, yaml.SafeLoader)):
            if ours is None or theirs is None or ours[0] != theirs[0]:
                line = (ours or theirs)[1]
                return InputError(
                    f"YAML parsers read this in different ways (line {line})",
                    file=file,
                    hint="write spaces in place of tabs, and values with odd characters in quotes",
                )
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        return InputError(
            f"not valid YAML for the suite: {getattr(error, 'problem', error)}{where}",
            file=file,
            hint="correct the file; write spaces in place of tabs",
        )
    return None


def _parts(text: str, loader: Any) -> Iterator[tuple[tuple[object, ...], int]]:
    """What each event of the first document says, and its line."""
    for event in first_document(text, loader):
        said = (getattr(event, name, None) for name in ("anchor", "tag", "implicit", "value"))
        yield (type(event), *said), event.start_mark.line + 1 if event.start_mark else 0
