"""Finds what a case's accuracy would not show: values that cannot be measured, changes that the
evaluation does not read, and changes of what is counted. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from itertools import chain, islice

from bench.job import SideSpec
from bench.variant import Side
from bot.plan.affected import MAX_KEY, MAX_KEYS
from bot.plan.cases import Case
from compress.differences import differing_keys
from compress.suites.support import SuiteSupport
from core.errors import shorten


def find_unmeasured(case: Case, sides: Mapping[Side, SideSpec], suite: SuiteSupport) -> str | None:
    """Why no accuracy of the case can be taken for the suite's, with the key; None if it can be.
    A case without weights has no accuracy in the first place.
    """
    if case.model.weights is None:
        return None
    reason = next(chain(_values(case, sides, suite), _changes(case, sides, suite)), None)
    return f"not measured: {reason}" if reason else None


def recounted_keys(sides: Mapping[Side, SideSpec], suite: SuiteSupport) -> tuple[str, ...]:
    """The first keys that differ between the sides and decide what an accuracy counts."""
    if "base" not in sides:
        return ()
    keys = differing_keys(sides["base"].data_config, sides["head"].data_config)
    counting = (shorten(key, MAX_KEY) for key in keys if suite.coverage.counts(key))
    return tuple(islice(counting, MAX_KEYS))


def _values(case: Case, sides: Mapping[Side, SideSpec], suite: SuiteSupport) -> Iterator[str]:
    for side, spec in sides.items():
        for error in suite.unmeasured(spec.config, spec.data_config, case.model.output_op):
            yield f"{error.key}: {error.message}" + (" (on base)" if side == "base" else "")


def _changes(case: Case, sides: Mapping[Side, SideSpec], suite: SuiteSupport) -> Iterator[str]:
    """Changed keys that no measurement shows: those that slimgate does not measure, and those by
    which the suite evaluates the model while the recipe's data config says something else.
    """
    if "base" not in sides:
        return
    base, head = sides["base"], sides["head"]
    of_model = differing_keys(base.config, head.config)
    of_data = differing_keys(base.data_config, head.data_config)
    for key in {**dict.fromkeys(of_model), **dict.fromkeys(of_data)}:
        row = suite.coverage.find(key)
        used = any(_value(d, key) for d in (base.config, head.config, head.data_config))
        if row is not None and row[1] == "not measured" and used:
            yield f"{key}: {row[2]}"
    if case.recipe.data_config is None:
        return
    for key in of_model:
        row = suite.coverage.find(key)
        influences = row is None or row[1] == "measured"
        if suite.dialect.impact(key) == "evaluation" and influences and key not in of_data:
            yield (
                f"{key}: the accuracy is measured by {case.recipe.data_config}, in which nothing "
                "of this changes"
            )


def _value(document: object, key: str) -> object:
    """The value at a dotted path; None if there is none."""

    def step(value: object, part: str) -> object:
        return value.get(part) if isinstance(value, dict) else None

    return reduce(step, key.split("."), document)
