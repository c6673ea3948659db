"""Reads an exported program as an outline (``compress.programs.outline``). Workers only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from compress.in_worker.graph.effects import multiplications
from compress.in_worker.graph.program import Program, parameters
from compress.programs.outline import ARRAY, FEED, ArrayOutline, OpOutline, Outline, Source

NOT_COMPUTED = frozenset(
    {
        "op_callstack",
        "op_device",
        "op_namescope",
        "op_role",
        "op_role_var",
        "skip_eager_deletion_vars",
        "sub_block",
        "with_quant_attr",
    }
)
"""Attributes that say where an op comes from or how it is run, or that hold names of variables."""
ENDS = ("feed", "fetch")
MAX_SHOWN = 16
"""Values of an attribute; longer ones are constants, of which a digest is kept."""


@dataclass
class _Node:
    """An op as the program lists it: ``inputs`` count from the first op that was read."""

    type: str
    settings: str
    inputs: list[Source]
    depth: int
    body: list[int] = field(default_factory=list)


def read_outline(loaded: Program, layers: Mapping[str, str]) -> Outline:
    """The outline of a loaded program; ``layers``: the suite's names by the program's."""
    arrays = {name: _array(layers.get(name, ""), values) for name, values in parameters(loaded)}
    known: dict[str, Source] = {name: (ARRAY, number) for number, name in enumerate(arrays)}
    known |= {name: (FEED, number) for number, name in enumerate(loaded.feeds)}
    reader = _Reader(loaded.program)
    reader.read(0, known, 0)
    outputs = [known[var.name] for var in loaded.fetches if var.name in known]
    order = _in_order(reader.nodes, outputs)
    return _numbered(reader.nodes, order, list(arrays.values()), outputs, loaded)


@dataclass
class _Reader:
    """Reads the blocks of a program into ``nodes``."""

    program: Any
    nodes: list[_Node] = field(default_factory=list)

    def read(self, block: int, known: dict[str, Source], depth: int) -> list[int]:
        """The numbers of a block's nodes. ``known``: by name of a variable, what wrote it last; it
        is brought up to date.
        """
        ops = (op for op in self.program.block(block).ops if op.type not in ENDS)
        return [self._read_op(op, known, depth) for op in ops]

    def _read_op(self, op: Any, known: dict[str, Source], depth: int) -> int:
        reads = [name for slot in sorted(op.input_names) for name in op.input(slot)]
        writes = [name for slot in sorted(op.output_names) for name in op.output(slot)]
        inputs = [known[name] for name in (*reads, *writes) if name in known]
        number = len(self.nodes)
        node = _Node(op.type, _settings(op), inputs, depth)
        self.nodes.append(node)
        if op.has_attr("sub_block"):
            body = self.read(op._block_attr_id("sub_block"), dict(known), depth + 1)
            node.body = [n for number in body for n in (number, *self.nodes[number].body)]
        known.update({name: (number, place) for place, name in enumerate(writes)})
        return number


def _settings(op: Any) -> str:
    """Slots and attributes as JSON."""
    slots = {name: len(op.input(name)) for name in op.input_names if op.input(name)}
    outputs = {name: len(op.output(name)) for name in op.output_names if op.output(name)}
    attributes = {name: _plain(op.attr(name)) for name in op.attr_names if name not in NOT_COMPUTED}
    return json.dumps({"reads": slots, "writes": outputs, **attributes}, sort_keys=True)


def _plain(value: Any) -> Any:
    """The value as JSON takes it; a long list as its length and a digest."""
    if isinstance(value, (list, tuple)):
        if len(value) > MAX_SHOWN:
            digest = hashlib.sha256(repr(list(value)).encode()).hexdigest()[:12]
            return f"{len(value)} values, {digest}"
        return [_plain(item) for item in value]
    return value if isinstance(value, (bool, int, float, str, type(None))) else str(value)


def _in_order(nodes: list[_Node], outputs: list[Source]) -> list[int]:
    """The nodes that the outputs depend on, each after those that it reads, by the data flow alone;
    the body of a loop or branch follows it.
    """
    order: list[int] = []
    seen: set[int] = set()
    for output, _ in outputs:
        stack = [(output, False)]
        while stack:
            number, is_done = stack.pop()
            if number < 0 or (number in seen and not is_done):
                continue
            if is_done:
                order += [number, *nodes[number].body]
                continue
            seen.add(number)
            stack.append((number, True))
            stack += [(source, False) for source, _ in reversed(_reads(nodes, number))]
    return order


def _reads(nodes: list[_Node], number: int) -> list[Source]:
    """What a node and its body read from outside of that."""
    body = nodes[number].body
    own = {number, *body}
    reads = [*nodes[number].inputs, *(source for b in body for source in nodes[b].inputs)]
    return [source for source in reads if source[0] not in own]


def _array(name: str, values: Any) -> ArrayOutline:
    array = np.ascontiguousarray(values)
    digest = hashlib.sha256(array.tobytes()).hexdigest()[:16]
    return ArrayOutline(name=name, shape=array.shape, dtype=array.dtype.name, digest=digest)


def _numbered(
    nodes: list[_Node],
    order: list[int],
    arrays: list[ArrayOutline],
    outputs: list[Source],
    loaded: Program,
) -> Outline:
    """The outline with numbers in the order of use."""
    number_of = {node: number for number, node in enumerate(order)}
    sources = (*(s for number in order for s in nodes[number].inputs), *outputs)
    read = dict.fromkeys(place for op, place in sources if op == ARRAY)
    array_of = {array: number for number, array in enumerate(read)}
    settings = dict.fromkeys(nodes[number].settings for number in order)
    setting_of = {text: number for number, text in enumerate(settings)}

    def renumbered(source: Source) -> Source:
        op, place = source
        if op == ARRAY:
            return ARRAY, array_of[place]
        return source if op < 0 else (number_of[op], place)

    return Outline(
        ops=tuple(
            OpOutline(
                type=nodes[number].type,
                settings=setting_of[nodes[number].settings],
                inputs=tuple(renumbered(source) for source in nodes[number].inputs),
                depth=nodes[number].depth,
            )
            for number in order
        ),
        settings=tuple(settings),
        arrays=tuple(arrays[number] for number in read),
        feeds=tuple(_feeds(loaded)),
        outputs=tuple(renumbered(source) for source in outputs),
        flops=multiplications(loaded.program),
    )


def _feeds(loaded: Program) -> Iterator[str]:
    for name, spec in loaded.feed_specs().items():
        yield f"{name}: {spec.dtype} {list(spec.shape)}"
