"""Reads an exported program as an outline (``compress.programs.outline``). Workers only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from compress.in_worker.graph.effects import multiplications
from compress.in_worker.graph.program import DTYPES, Program, parameters
from compress.programs.outline import (
    ARRAY,
    FEED,
    NOTHING,
    ArrayOutline,
    OpOutline,
    Outline,
    Source,
)

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
FIELDS = {
    "INT": "i",
    "FLOAT": "f",
    "STRING": "s",
    "INTS": "ints",
    "FLOATS": "floats",
    "STRINGS": "strings",
    "BOOLEAN": "b",
    "BOOLEANS": "bools",
    "LONG": "l",
    "LONGS": "longs",
    "FLOAT64": "float64",
    "FLOAT64S": "float64s",
    "SCALAR": "scalar",
    "SCALARS": "scalars",
}
"""By kind of an attribute, where its value stands (Paddle's ``framework.proto``)."""
VARIABLES = ("VAR", "VARS")
CONDITIONS = ("Cond", "Condition")
"""The slots of a loop or branch for what decides whether its body runs."""
ENDS = ("feed", "fetch")
MAX_SHOWN = 16
"""Values of an attribute; longer ones are constants, of which a digest is kept."""


@dataclass
class _Node:
    """An op as the program lists it: ``inputs`` count from the first op that was read. ``results``:
    of a loop or branch, what its body writes for each of its outputs.
    """

    type: str
    settings: str
    inputs: list[Source]
    depth: int
    body: list[int] = field(default_factory=list)
    results: list[Source] = field(default_factory=list)


def read_outline(loaded: Program, layers: Mapping[str, str]) -> Outline:
    """The outline of a loaded program; ``layers``: the suite's names by the program's. Raises
    ValueError for an attribute of an unknown kind, and an output that nothing writes.
    """
    arrays = {name: _array(layers.get(name, ""), values) for name, values in parameters(loaded)}
    known: dict[str, Source] = {name: (ARRAY, number) for number, name in enumerate(arrays)}
    known |= {name: (FEED, number) for number, name in enumerate(loaded.feeds)}
    reader = _Reader(loaded.program)
    reader.read(0, known, 0)
    unwritten = [var.name for var in loaded.fetches if var.name not in known]
    if unwritten:
        raise ValueError(f"no op writes the output {unwritten[0]}")
    outputs = [known[var.name] for var in loaded.fetches]
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
        attributes, variables = _attributes(op)
        slots = sorted(op.input_names)
        if op.has_attr("sub_block"):  # its body tells the rest
            slots = [slot for slot in slots if slot in CONDITIONS]
        reads = [name for slot in slots for name in op.input(slot)] + variables
        settings = {"reads": {slot: len(op.input(slot)) for slot in slots if op.input(slot)}}
        number = len(self.nodes)
        node = _Node(op.type, "", [known.get(name, NOTHING) for name in reads], depth)
        self.nodes.append(node)
        if op.has_attr("sub_block"):
            writes = self._read_body(op, node, known)
        else:
            writes = [name for slot in sorted(op.output_names) for name in op.output(slot)]
            node.inputs += [known[name] for name in writes if name in known]
            outputs = {name: len(op.output(name)) for name in op.output_names if op.output(name)}
            settings["writes"] = outputs
        node.settings = json.dumps({**settings, **attributes}, sort_keys=True)
        known.update({name: (number, place) for place, name in enumerate(writes)})
        return number

    def _read_body(self, op: Any, node: _Node, known: dict[str, Source]) -> list[str]:
        """Reads the body of a loop or branch; returns the variables that it writes, in the order of
        its ops: Paddle lists them, and what the body reads, as a set of names has them. Of each,
        the value before and that after are kept.
        """
        inner = dict(known)
        body = self.read(op._block_attr_id("sub_block"), inner, node.depth + 1)
        node.body = [n for number in body for n in (number, *self.nodes[number].body)]
        named = {name for slot in op.output_names for name in op.output(slot)}
        written = [name for name in named if inner.get(name) != known.get(name)]
        written.sort(key=inner.__getitem__)
        node.inputs += [known.get(name, NOTHING) for name in written]
        node.results = [inner[name] for name in written]
        return written


def _attributes(op: Any) -> tuple[dict[str, Any], list[str]]:
    """What an op is set to by name, read from its own description (Paddle's Python values of
    scalars have six digits), and the variables that stand for attributes.
    """
    from paddle.base.proto import framework_pb2

    described = framework_pb2.OpDesc.FromString(op.desc.serialize_to_string())
    attributes: dict[str, Any] = {}
    variables: list[str] = []
    for attribute in sorted(described.attrs, key=lambda item: item.name):
        if attribute.name in NOT_COMPUTED:
            continue
        kind = framework_pb2.AttrType.Name(attribute.type)
        if kind in VARIABLES:
            names = [attribute.var_name] if kind == "VAR" else list(attribute.vars_name)
            attributes[attribute.name] = f"{len(names)} computed"
            variables += names
        elif kind in FIELDS:
            attributes[attribute.name] = _plain(getattr(attribute, FIELDS[kind]))
        else:
            raise ValueError(f"{op.type}: the attribute {attribute.name} is of the kind {kind}")
    return attributes, variables


def _plain(value: Any) -> Any:
    """The value as JSON takes it; a long list as its length and a digest."""
    if isinstance(value, (bool, int, float, str)):
        return value
    if hasattr(value, "SerializeToString"):  # a scalar, whose kind decides its type
        return [value.type, value.b, value.i, value.r, [value.c.r, value.c.i]]
    values = [_plain(item) for item in value]
    if len(values) <= MAX_SHOWN:
        return values
    return f"{len(values)} values, {hashlib.sha256(repr(values).encode()).hexdigest()[:16]}"


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
    array = np.asarray(values, order="C")
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
    sources = (
        *(s for number in order for s in (*nodes[number].inputs, *nodes[number].results)),
        *outputs,
    )
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
                results=tuple(renumbered(source) for source in nodes[number].results),
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
    block = loaded.program.global_block()
    for name in loaded.feeds:
        kind = str(block.var(name).dtype).rpartition(".")[2]
        yield f"{name}: {DTYPES.get(kind, kind)} {list(block.var(name).shape)}"
