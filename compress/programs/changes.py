"""Finds what differs between the programs of two revisions. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from pydantic import Field

from compress.programs.outline import ARRAY, ArrayOutline, OpOutline, Outline, Source
from core.quantities import Count
from core.schema import StrictModel
from core.texts import Name, Remark, cut_text

MAX_CHANGES, MAX_PLACES, MAX_SETTINGS = 8, 3, 4
"""How many kinds of changes are kept, of each how many places, and how many settings."""
MAX_STEPS = 20_000_000
"""Of aligning two programs; where it would take more, ops are counted by type."""
MAX_VALUE, MAX_PLACE = 60, 200
WEIGHTS, NAMES, VALUES = "weights", "names of weights", "values of weights"
"""What stands for a setting where stored arrays differ: in shape or number, in name, in values."""
START, AFTER = "at the input", "after "


class SettingChange(StrictModel):
    """An attribute with its values on base and head; empty where an op has none of the name."""

    name: Name
    before: Remark
    after: Remark


class OpChange(StrictModel):
    """The same change of an op in ``count`` places. ``before`` and ``after``: op types; empty where
    the op is new or gone. ``rewired``: it reads the outputs of other ops than before. ``places``:
    layers by the suite's names.
    """

    before: Name = ""
    after: Name = ""
    settings: tuple[SettingChange, ...] = Field((), max_length=MAX_SETTINGS)
    rewired: bool = False
    count: Count = 1
    places: tuple[Name, ...] = Field((), max_length=MAX_PLACES)


class ProgramChange(StrictModel):
    """How head's program differs from base's: numbers before and after, and the ops."""

    ops: tuple[Count, Count]
    flops: tuple[Count, Count]
    weights: tuple[Count, Count]
    inputs: tuple[Remark, Remark] | None = None
    changes: tuple[OpChange, ...] = Field((), max_length=MAX_CHANGES)
    more: Count = 0


def find_change(base: Outline, head: Outline) -> ProgramChange | None:
    """What differs; None if both programs compute the same from the same weights."""
    if _computed(base) == _computed(head):
        return None
    found = list(_changes(_Side(base), _Side(head)))
    grouped = _grouped(found)
    feeds = (", ".join(base.feeds), ", ".join(head.feeds))
    return ProgramChange(
        ops=(len(base.ops), len(head.ops)),
        flops=(base.flops, head.flops),
        weights=(base.weights, head.weights),
        inputs=feeds if base.feeds != head.feeds else None,
        changes=tuple(grouped[:MAX_CHANGES]),
        more=max(0, len(grouped) - MAX_CHANGES),
    )


def _computed(outline: Outline) -> tuple[object, ...]:
    """All of an outline but the names of arrays, by which the values of weights are made."""
    arrays = [(array.shape, array.dtype, array.digest) for array in outline.arrays]
    return outline.ops, outline.settings, arrays, outline.feeds, outline.outputs


@dataclass(frozen=True)
class _Side:
    outline: Outline

    @cached_property
    def keys(self) -> list[tuple[object, ...]]:
        """What makes an op the same in both programs, apart from where its inputs come from."""
        return [
            (op.type, op.depth, self.outline.settings[op.settings], self._digests(op))
            for op in self.outline.ops
        ]

    def _digests(self, op: OpOutline) -> tuple[str, ...]:
        return tuple(array.digest for array in self.arrays(op))

    def arrays(self, op: OpOutline) -> list[ArrayOutline]:
        """The stored arrays that an op reads."""
        return [self.outline.arrays[number] for kind, number in op.inputs if kind == ARRAY]

    def settings(self, number: int) -> dict[str, Any]:
        """Slots and attributes of an op by name."""
        op = self.outline.ops[number]
        settings: dict[str, Any] = json.loads(self.outline.settings[op.settings])
        return settings

    @cached_property
    def places(self) -> list[str]:
        """Where each op is: the layer whose weights it reads, else the layer that it follows."""
        places: list[str] = []
        for op in self.outline.ops:
            own = next((_layer(array.name) for array in self.arrays(op) if array.name), "")
            before = next((places[n] for n, _ in op.inputs if 0 <= n < len(places)), START)
            follows = before if before.startswith((START, AFTER)) else AFTER + before
            places.append(cut_text(own or follows, MAX_PLACE))
        return places


def _layer(array: str) -> str:
    """``backbone.conv1`` of ``backbone.conv1.weight``."""
    return array.rpartition(".")[0] or array


@dataclass(frozen=True)
class _Place:
    """A change at a place of the program."""

    change: OpChange
    place: str


def _changes(base: _Side, head: _Side) -> Iterator[_Place]:
    start, end = _common(base.keys, head.keys)
    old, new = base.keys[start : len(base.keys) - end], head.keys[start : len(head.keys) - end]
    if _steps(old, new) > MAX_STEPS:
        yield from _counted(old, new)
        return
    pairs = {n: n for n in range(start)}
    pairs |= {len(base.keys) - n: len(head.keys) - n for n in range(1, end + 1)}
    gaps = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        olds, news = range(start + i, start + i_end), range(start + j, start + j_end)
        if kind == "equal":
            pairs.update(zip(olds, news, strict=True))
        else:
            gaps.append((olds, news))
    pairs |= _moved(base, head, gaps)
    kept = set(pairs.values())
    for olds, news in gaps:
        gone = [number for number in olds if number not in pairs]
        yield from _gap(base, head, gone, [n for n in news if n not in kept], pairs)
    yield from _rewired(base, head, pairs)


def _moved(
    base: _Side, head: _Side, gaps: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> dict[int, int]:
    """Ops that are the same at another place, such as layers with their weights: those that are
    found once on either side.
    """
    only: list[dict[tuple[object, ...], int]] = []
    for side, runs in ((base, [olds for olds, _ in gaps]), (head, [news for _, news in gaps])):
        numbers = [number for run in runs for number in run]
        counts = Counter(side.keys[number] for number in numbers)
        only.append({side.keys[n]: n for n in numbers if counts[side.keys[n]] == 1})
    return {old: only[1][key] for key, old in only[0].items() if key in only[1]}


def _gap(
    base: _Side, head: _Side, olds: Sequence[int], news: Sequence[int], pairs: dict[int, int]
) -> Iterator[_Place]:
    """The changes between two runs of equal ops. Ops of one type are one op with other settings;
    an op in the place of another replaces it. ``pairs`` takes those that are matched.
    """
    before = [base.outline.ops[number].type for number in olds]
    after = [head.outline.ops[number].type for number in news]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, i, i_end, j, j_end in matcher.get_opcodes():
        gone, added = olds[i:i_end], news[j:j_end]
        for old, new in zip(gone, added, strict=False):
            pairs[old] = new
            yield _replaced(base, head, old, new)
        for old in gone[len(added) :]:
            yield _Place(OpChange(before=base.outline.ops[old].type), base.places[old])
        for new in added[len(gone) :]:
            yield _Place(OpChange(after=head.outline.ops[new].type), head.places[new])


def _replaced(base: _Side, head: _Side, old: int, new: int) -> _Place:
    before, after = base.outline.ops[old], head.outline.ops[new]
    settings = tuple(_setting_changes(base, head, old, new)) if before.type == after.type else ()
    change = OpChange(before=before.type, after=after.type, settings=settings[:MAX_SETTINGS])
    return _Place(change, head.places[new])


def _setting_changes(base: _Side, head: _Side, old: int, new: int) -> Iterator[SettingChange]:
    was, now = base.settings(old), head.settings(new)
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            yield SettingChange(
                name=cut_text(name, MAX_PLACE), before=_shown(was, name), after=_shown(now, name)
            )
    arrays = base.arrays(base.outline.ops[old]), head.arrays(head.outline.ops[new])
    yield from dict.fromkeys(_array_changes(*arrays))


def _array_changes(
    base: Sequence[ArrayOutline], head: Sequence[ArrayOutline]
) -> Iterator[SettingChange]:
    """What differs of the stored arrays that an op reads. Weights follow from their names, so that
    equal names of one shape are equal weights.
    """
    if len(base) != len(head):
        before, after = (", ".join(map(_shown_array, side)) for side in (base, head))
        yield SettingChange(name=WEIGHTS, before=before, after=after)
        return
    for was, now in zip(base, head, strict=True):
        if was.digest == now.digest:
            continue
        if (was.shape, was.dtype) != (now.shape, now.dtype):
            yield SettingChange(name=WEIGHTS, before=_shown_array(was), after=_shown_array(now))
        elif was.name != now.name:
            before, after = _renamed(was.name, now.name)
            yield SettingChange(name=NAMES, before=before, after=after)
        else:
            yield SettingChange(name=VALUES, before=_shown_array(was), after=_shown_array(now))


def _renamed(before: str, after: str) -> tuple[str, str]:
    """The parts of two names that differ; all of them if one has more parts than the other."""
    parts = before.split("."), after.split(".")
    if len(parts[0]) != len(parts[1]):
        return before, after
    differing = [(old, new) for old, new in zip(*parts, strict=True) if old != new]
    return ".".join(old for old, _ in differing), ".".join(new for _, new in differing)


def _shown(settings: dict[str, Any], name: str) -> str:
    return cut_text(json.dumps(settings[name]), MAX_VALUE) if name in settings else ""


def _shown_array(array: ArrayOutline) -> str:
    """``backbone.conv1.weight 64x3x3x3``."""
    return f"{array.name or 'a constant'} {'x'.join(map(str, array.shape))}"


def _rewired(base: _Side, head: _Side, pairs: dict[int, int]) -> Iterator[_Place]:
    """Ops that are the same and read the outputs of other ops than before."""
    base_of = {new: old for old, new in pairs.items()}
    for old, new in sorted(pairs.items()):
        ops = base.outline.ops[old], head.outline.ops[new]
        inputs = tuple((*op.inputs, *op.results) for op in ops)
        if base.keys[old] == head.keys[new] and _reads_others(inputs[0], inputs[1], pairs, base_of):
            op = head.outline.ops[new].type
            yield _Place(OpChange(before=op, after=op, rewired=True), head.places[new])


def _reads_others(
    before: Sequence[Source],
    after: Sequence[Source],
    head_of: Mapping[int, int],
    base_of: Mapping[int, int],
) -> bool:
    """Whether an input of two equal ops comes from elsewhere. What a new op writes, or a removed
    one wrote, is that op's change; which arrays are read is part of an op's key.
    """
    if len(before) != len(after):
        return True
    for (was, place), (now, other) in zip(before, after, strict=True):
        is_change_of_another = (now >= 0 and now not in base_of) or (
            was >= 0 and was not in head_of
        )
        if is_change_of_another or was == ARRAY:
            continue
        if (was, place) != (base_of.get(now, now), other):
            return True
    return False


def _counted(
    old: Sequence[tuple[object, ...]], new: Sequence[tuple[object, ...]]
) -> Iterator[_Place]:
    """By type, how many ops there are more or less."""
    before, after = (Counter(str(key[0]) for key in side) for side in (old, new))
    for kind, count in sorted((before - after).items()):
        yield _Place(OpChange(before=kind, count=count), "")
    for kind, count in sorted((after - before).items()):
        yield _Place(OpChange(after=kind, count=count), "")


def _grouped(found: Sequence[_Place]) -> list[OpChange]:
    """Equal changes together, the most frequent first."""
    places: dict[str, list[str]] = {}
    changes: dict[str, OpChange] = {}
    counts: Counter[str] = Counter()
    for item in found:
        key = item.change.model_dump_json(exclude={"count"})
        changes.setdefault(key, item.change)
        counts[key] += item.change.count
        places.setdefault(key, []).append(item.place)
    return [
        changes[key].model_copy(
            update={
                "count": count,
                "places": tuple(filter(None, dict.fromkeys(places[key])))[:MAX_PLACES],
            }
        )
        for key, count in counts.most_common()
    ]


def _common(old: Sequence[object], new: Sequence[object]) -> tuple[int, int]:
    """How many keys at the start, and at the end of the rest, are equal."""
    shorter = min(len(old), len(new))
    start = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    rest = shorter - start
    end = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    return start, end


def _steps(old: Sequence[tuple[object, ...]], new: Sequence[tuple[object, ...]]) -> int:
    """The pairs of equal keys and the keys, of which aligning takes a multiple."""
    before, after = Counter(old), Counter(new)
    pairs = sum(count * after[key] for key, count in before.items())
    return ((before & after).total() + 1) * (len(old) + pairs)
