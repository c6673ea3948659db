"""Writes programs in a canonical form: equal models are equal files. Workers only.

Paddle keeps attributes, variables and, where it edits graphs, ops in containers ordered by memory
address, so that every run writes a different file.
"""

from __future__ import annotations

import heapq
from pathlib import Path
from typing import Any

ENDS = {"feed": 0, "fetch": 2}
"""Ops whose order has a meaning, and where Paddle expects them: before or after all others."""


def canonicalise(file: Path) -> None:
    """Sorts the unordered parts of a ``.pdmodel`` file; ops as far as their data flow allows."""
    from paddle.base.proto import framework_pb2

    program = framework_pb2.ProgramDesc()
    program.ParseFromString(file.read_bytes())
    for block in program.blocks:
        block.vars.sort(key=lambda var: var.name)
        for op in block.ops:
            op.inputs.sort(key=lambda slot: slot.parameter)
            op.outputs.sort(key=lambda slot: slot.parameter)
            op.attrs.sort(key=lambda attribute: attribute.name)
        ops = _in_order(list(block.ops))
        del block.ops[:]
        block.ops.extend(ops)
    file.write_bytes(program.SerializeToString(deterministic=True))


def _in_order(ops: list[Any]) -> list[Any]:
    """A topological order that depends on names alone. Every op stays after the ops that write its
    inputs, and before those that overwrite them.
    """
    waiting_for, followers = _dependencies(ops)
    ready = [(_key(op), index) for index, op in enumerate(ops) if not waiting_for[index]]
    heapq.heapify(ready)
    order = []
    while ready:
        _, index = heapq.heappop(ready)
        order.append(ops[index])
        for follower in followers[index]:
            waiting_for[follower] -= 1
            if not waiting_for[follower]:
                heapq.heappush(ready, (_key(ops[follower]), follower))
    return order


def _dependencies(ops: list[Any]) -> tuple[list[int], list[list[int]]]:
    """For each op, the number of ops that it waits for, and the ops that wait for it."""
    before: list[set[int]] = [set() for _ in ops]
    writer: dict[str, int] = {}
    readers: dict[str, list[int]] = {}
    fixed: dict[str, int] = {}
    for index, op in enumerate(ops):
        if op.type in ENDS:
            before[index].update({fixed[op.type]} if op.type in fixed else ())
            fixed[op.type] = index
        for name in _names(op.inputs):
            before[index].update({writer[name]} if name in writer else ())
            readers.setdefault(name, []).append(index)
        for name in _names(op.outputs):
            before[index].update(readers.pop(name, ()))
            before[index].update({writer[name]} if name in writer else ())
            writer[name] = index
        before[index].discard(index)
    followers: list[list[int]] = [[] for _ in ops]
    for index, earlier in enumerate(before):
        for predecessor in earlier:
            followers[predecessor].append(index)
    return [len(earlier) for earlier in before], followers


def _key(op: Any) -> tuple[int, list[str], str]:
    return ENDS.get(op.type, 1), sorted(_names(op.outputs)), op.type


def _names(slots: Any) -> list[str]:
    return [name for slot in slots for name in slot.arguments]
