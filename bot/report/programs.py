"""What changed code does to the programs of models, in words, for every format of the report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.report.report import ProgramOutcome, ProgramReport
from compress.programs.changes import (
    MAX_CHANGES,
    MAX_PLACES,
    OpChange,
    ProgramChange,
    SettingChange,
)

ORDER: tuple[ProgramOutcome, ...] = ("fails", "missing", "differs", "failed before", "same")
WORDS: dict[ProgramOutcome, str] = {
    "fails": "can no longer be exported",
    "missing": "not compared",
    "differs": "program changed",
    "failed before": "not compared, since base cannot be exported",
    "same": "same program",
}
FOUND: dict[ProgramOutcome, str] = {
    "fails": "can no longer be exported",
    "missing": "not compared",
    "differs": "changed",
    "failed before": "not comparable",
    "same": "the same",
}
"""Words behind a number, and titles of groups."""


@dataclass(frozen=True)
class Group:
    """Models with one outcome, for one reason or with the same kinds of changes. ``lines``: what
    changed, of the first model where they differ in numbers and places.
    """

    outcome: ProgramOutcome
    configs: tuple[str, ...]
    lines: tuple[str, ...]
    reason: str
    runner: str = ""

    @property
    def title(self) -> str:
        """``program changed: 2 models``, with the kind of runners if there are several."""
        count = len(self.configs)
        where = f" on {self.runner}" if self.runner else ""
        return f"{WORDS[self.outcome]}{where}: {'1 model' if count == 1 else f'{count} models'}"


def group_programs(programs: Sequence[ProgramReport]) -> list[Group]:
    """Models with equal outcomes, changes and reasons together; what needs somebody comes first."""
    alike: dict[tuple[ProgramOutcome, frozenset[str], str, str], dict[str, ProgramReport]] = {}
    differing = _disputed(programs)
    for item in programs:
        kinds = frozenset(map(_what, item.change.changes)) if item.change else frozenset[str]()
        runner = item.runner if item.config_file in differing else ""
        alike.setdefault((item.outcome, kinds, item.reason, runner), {})[item.config_file] = item
    groups = [
        Group(outcome, tuple(items), _lines(list(items.values())), reason, runner)
        for (outcome, _, reason, runner), items in alike.items()
    ]
    return sorted(groups, key=lambda group: (ORDER.index(group.outcome), -len(group.configs)))


def _disputed(programs: Sequence[ProgramReport]) -> set[str]:
    """The configs of which kinds of runners say different things."""
    said: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for item in programs:
        change = item.change.model_dump_json() if item.change else item.reason
        said[item.config_file].add((item.outcome, change))
    return {config for config, outcomes in said.items() if len(outcomes) > 1}


def _lines(items: Sequence[ProgramReport]) -> tuple[str, ...]:
    changes = [item.change for item in items if item.change is not None]
    if not changes:
        return ()
    several = (f"in {items[0].config_file}:",) if any(c != changes[0] for c in changes) else ()
    return (*several, *describe_program(changes[0]))


def summary(programs: Sequence[ProgramReport]) -> str:
    """``Programs of 17 models: 2 changed, 15 the same``."""
    worst = sorted(programs, key=lambda item: ORDER.index(item.outcome), reverse=True)
    outcomes = {item.config_file: item.outcome for item in worst}
    counts = [(kind, list(outcomes.values()).count(kind)) for kind in ORDER]
    total = len(outcomes)
    parts = [f"{count} {FOUND[kind]}" for kind, count in counts if count]
    which = "Program of 1 model" if total == 1 else f"Programs of {total} models"
    return f"{which}: {', '.join(parts)}"


def describe_program(change: ProgramChange) -> Iterator[str]:
    """A line of numbers, and one for each kind of change."""
    yield _numbers(change)
    if change.inputs is not None:
        yield f"inputs: {change.inputs[0]} → {change.inputs[1]}"
    yield from (describe_op(item) for item in change.changes[:MAX_CHANGES])
    more = len(change.changes) - MAX_CHANGES + change.more
    if more > 0:
        yield f"{more} further kinds of changes"
    if not change.changes and change.inputs is None:
        yield "the same ops; their outputs are returned otherwise"


def describe_op(change: OpChange) -> str:
    """``relu6 → sigmoid, 2 times: after backbone.act.0.bn, after backbone.act.1.bn``."""
    times = f", {change.count} times" if change.count > 1 else ""
    shown = ", ".join(change.places[:MAX_PLACES])
    more = change.count - min(len(change.places), MAX_PLACES)
    places = f": {shown}" + (f" and {more} more" if more > 0 else "") if shown else ""
    return f"{_what(change)}{times}{places}"


def _what(change: OpChange) -> str:
    if change.rewired:
        return f"{change.after} reads the outputs of other ops"
    if not change.before or not change.after:
        return f"{change.after} added" if change.after else f"{change.before} removed"
    if change.before != change.after:
        return f"{change.before} → {change.after}"
    return f"{change.after}: {'; '.join(map(_setting, change.settings))}"


def _setting(change: SettingChange) -> str:
    return f"{change.name} {change.before or 'none'} → {change.after or 'none'}"


def _numbers(change: ProgramChange) -> str:
    pairs = (("ops", change.ops), ("multiplications", change.flops), ("weights", change.weights))
    return ", ".join(f"{_pair(*values)} {name}" for name, values in pairs)


def _pair(before: int, after: int) -> str:
    return _short(after) if before == after else f"{_short(before)} → {_short(after)}"


def _short(value: int) -> str:
    """Three digits and a unit, such as ``2.10 G``."""
    for unit, size in (("G", 10**9), ("M", 10**6)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:,}"
