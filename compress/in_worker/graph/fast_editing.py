"""Makes Paddle's graph editing fast and repeatable. Workers only.

Paddle 2.6's ``IrGraph`` collects all nodes of the graph before it links two of them, only to assert
that they are in it, and rebuilds the set of all variables for each look-up: inserting quantisation
into PicoDet takes minutes. Of several versions of a variable (a scale that an op reads and writes)
it takes whichever comes last in a set ordered by memory address.

``install`` omits the assertions, caches the nodes until some are removed, prefers the version that
no op has written, and returns ops in the order of their creation. ``make bench`` measures the gain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

INDEX = "_slimgate_index"
CREATORS = ("create_persistable_node", "create_var_node", "create_control_dep_var")
FORGETTERS = ("safe_remove_nodes", "resolve_hazard")


class _Nodes(set[Any]):
    """All variable nodes of a graph, with an index by name."""

    def __init__(self, nodes: Iterable[Any]) -> None:
        super().__init__()
        self.by_name: dict[str, list[Any]] = {}
        for node in nodes:
            self.add(node)

    def add(self, node: Any) -> None:
        super().add(node)
        self.by_name.setdefault(node.name(), []).append(node)

    def find(self, name: str) -> Any:
        """The version that no op has written, otherwise the first; None if there is none."""
        versions = self.by_name.get(name, [])
        return next(
            (version for version in versions if not version.inputs), next(iter(versions), None)
        )


def install() -> None:
    """Replaces methods of ``IrGraph`` in this process; a second time it does nothing."""
    from paddle.base.framework import IrGraph

    if getattr(IrGraph, INDEX, False):
        return
    setattr(IrGraph, INDEX, True)
    IrGraph.link_to = _link_to
    IrGraph.update_input_link = _update_input_link
    IrGraph.update_output_link = _update_output_link
    IrGraph._find_node_by_name = _finding(IrGraph._find_node_by_name)
    for name, persistable in (("all_var_nodes", False), ("all_persistable_nodes", True)):
        setattr(IrGraph, name, _remembering(getattr(IrGraph, name), persistable))
    IrGraph.all_op_nodes = _in_order(IrGraph.all_op_nodes)
    for name in CREATORS:
        setattr(IrGraph, name, _noting(getattr(IrGraph, name)))
    IrGraph.create_var_node_from_desc = _noting(IrGraph.create_var_node_from_desc)
    for name in FORGETTERS:
        setattr(IrGraph, name, _forgetting(getattr(IrGraph, name)))


def _in_order(method: Any) -> Any:
    """Nodes in the order of their creation: passes number what they insert as they go."""
    return lambda graph: sorted(method(graph), key=lambda node: node.id())


def _link_to(_: Any, node_in: Any, node_out: Any) -> None:
    node_in.append_output(node_out)
    node_out.append_input(node_in)


def _update_input_link(_: Any, old: Any, new: Any, op: Any) -> None:
    old.remove_output(op)
    op.remove_input(old)
    new.append_output(op)
    op.append_input(new)
    op.rename_input(old.name(), new.name())


def _update_output_link(_: Any, old: Any, new: Any, op: Any) -> None:
    old.remove_input(op)
    op.remove_output(old)
    new.append_input(op)
    op.append_output(new)
    op.rename_output(old.name(), new.name())


def _remembered(graph: Any) -> dict[bool, _Nodes]:
    memory: dict[bool, _Nodes] = graph.__dict__.setdefault("_slimgate_nodes", {})
    return memory


def _remembering(list_nodes: Callable[[Any], Any], persistable: bool) -> Callable[[Any], _Nodes]:
    def nodes(graph: Any) -> _Nodes:
        memory = _remembered(graph)
        if persistable not in memory:
            memory[persistable] = _Nodes(list_nodes(graph))
        return memory[persistable]

    return nodes


def _noting(create: Callable[..., Any]) -> Callable[..., Any]:
    def create_and_note(graph: Any, *args: Any, **options: Any) -> Any:
        node = create(graph, *args, **options)
        for persistable, nodes in _remembered(graph).items():
            if not persistable or (node.node.var() is not None and node.persistable()):
                nodes.add(node)
        return node

    return create_and_note


def _forgetting(change: Callable[..., Any]) -> Callable[..., Any]:
    def change_and_forget(graph: Any, *args: Any, **options: Any) -> Any:
        _remembered(graph).clear()
        try:
            return change(graph, *args, **options)
        finally:
            _remembered(graph).clear()

    return change_and_forget


def _finding(find: Callable[[Any, Any, str], Any]) -> Callable[[Any, Any, str], Any]:
    def find_fast(graph: Any, nodes: Any, name: str) -> Any:
        if not isinstance(nodes, _Nodes):
            return find(graph, nodes, name)
        node = nodes.find(name)
        assert node is not None, f"Cannot find the target node ({name}) in the giving set."
        return node

    return find_fast
