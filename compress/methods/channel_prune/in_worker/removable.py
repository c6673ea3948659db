"""Finds the convolutions whose output channels can be removed. Workers only."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from compress.in_worker.graph.channel_rules import Kept, Links, Place, Step, follow

NAMES_SHOWN = 3
UNFOLLOWED = "PaddleSlim cannot follow them"


class Channels:
    """Which channels of a block go together. ``boundary``: variables that must keep theirs."""

    def __init__(self, block: Any, boundary: Collection[str]) -> None:
        self.links, self.boundary = Links(block), boundary

    def obstacle(self, convolution: Any) -> str:
        """Why the output channels of a convolution have to stay; empty if they can be removed."""
        waiting: list[Place] = [(convolution.output("Output")[0], 1)]
        axes = dict(waiting)
        try:
            while waiting:
                for name, axis in self._neighbours(*waiting.pop()):
                    if name not in axes:
                        waiting.append((name, axis))
                    if axes.setdefault(name, axis) != axis:
                        return "they return at another axis"
        except Kept as reason:
            return str(reason)
        return ""

    def is_normalised(self, convolution: Any) -> bool:
        """Whether a batch norm alone reads the output."""
        readers = self.links.readers.get(convolution.output("Output")[0], ())
        return [reader.type for reader in readers] == ["batch_norm"]

    def _neighbours(self, name: str, axis: int) -> Iterator[Place]:
        if name in self.boundary:
            raise Kept("they are compared with the teacher's")
        for op in self.links.around(name):
            yield from follow(Step(op, name, axis, self.links))


def plain_convolutions(block: Any) -> dict[str, Any]:
    """The convolutions without groups and with stored filters, by filter."""
    plain = (op for op in block.ops if op.type == "conv2d" and op.attr("groups") == 1)
    filters = {op.input("Filter")[0]: op for op in plain}
    return {name: op for name, op in filters.items() if block.var(name).persistable}


def find_obstacles(
    program: Any, names: Iterable[str], boundary: Collection[str], *, normalised: bool
) -> dict[str, str]:
    """By filter, why the channels of its convolution stay; empty where they can be removed.

    ``boundary``: variables that are compared with the teacher's; ``normalised``: whether only
    convolutions directly before a batch norm can be judged.
    """
    block = program.global_block()
    convolutions, channels = plain_convolutions(block), Channels(block, boundary)
    walk = _walker(program)
    obstacles = {}
    for name in names:
        if name not in convolutions:
            obstacles[name] = "they are not the filters of a convolution without groups"
        elif normalised and not channels.is_normalised(convolutions[name]):
            obstacles[name] = "no batch norm follows, whose scale would be the criterion"
        else:
            obstacles[name] = channels.obstacle(convolutions[name]) or walk(name)
    return obstacles


def describe_obstacles(obstacles: Mapping[str, str], layers: Mapping[str, str]) -> list[str]:
    """A remark for each reason, with the suite's names of the layers."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in obstacles.items():
        if reason:
            by_reason.setdefault(reason, []).append(layers.get(name, name))
    return [
        f"channels kept of {len(names)} convolution{'s' * (len(names) > 1)}, since {reason}: "
        + ", ".join(names[:NAMES_SHOWN])
        + (", …" if len(names) > NAMES_SHOWN else "")
        for reason, names in by_reason.items()
    ]


def _walker(program: Any) -> Any:
    """A function that returns why PaddleSlim cannot prune a filter. Its own search for related
    parameters is run on each filter alone: an op that it does not know skips the filter with
    a line in the log only, and some raise an AssertionError that ends the whole compression.
    """
    from paddleslim.core import GraphWrapper
    from paddleslim.prune.collections import PruningCollections

    graph = GraphWrapper(program.clone())
    search = PruningCollections()
    leaves = search._find_leaves(graph)

    def walk(name: str) -> str:
        logging.disable(logging.WARNING)
        try:
            groups = search.create_pruning_collections(
                [name], graph, skip_vars=list(leaves), skip_leaves=False
            )
        except Exception:  # noqa: BLE001  assertions, indices and keys, by the kind of graph
            return UNFOLLOWED
        finally:
            logging.disable(logging.NOTSET)
        return "" if groups else UNFOLLOWED

    return walk
