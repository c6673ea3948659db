"""The cache of a graph's variable nodes."""

from types import SimpleNamespace

import pytest

from compress.in_worker.graph.fast_editing import (
    _finding,
    _forgetting,
    _in_order,
    _Nodes,
    _noting,
    _remembering,
)


class Node:
    """A variable of a graph; ``inputs`` are the ops that write it."""

    def __init__(self, name, inputs=(), persistable=False):
        self.inputs = list(inputs)
        self.node = SimpleNamespace(var=lambda: self)
        self.name = lambda: name
        self.persistable = lambda: persistable


class Graph:
    """Counts how often its nodes are listed."""

    def __init__(self, *nodes):
        self.nodes, self.listed = list(nodes), 0

    def list(self):
        self.listed += 1
        return self.nodes


def test_the_version_that_no_op_has_written_is_found_first():
    written, plain, later = Node("x", inputs=["op"]), Node("x"), Node("x")
    nodes = _Nodes([written, plain, later])
    assert nodes.find("x") is plain
    assert _Nodes([written]).find("x") is written
    assert nodes.find("y") is None
    assert nodes == {written, plain, later}


def test_nodes_are_listed_once_until_some_are_removed():
    graph = Graph(Node("x"))
    all_nodes = _remembering(Graph.list, False)
    assert all_nodes(graph) is all_nodes(graph)
    assert graph.listed == 1
    _forgetting(lambda graph: graph.nodes.clear())(graph)
    assert (all_nodes(graph), graph.listed) == (set(), 2)


def test_created_nodes_are_added_to_the_caches_that_they_belong_to():
    graph = Graph()
    all_nodes, persistable = _remembering(Graph.list, False), _remembering(Graph.list, True)
    assert all_nodes(graph) == persistable(graph) == set()
    create = _noting(lambda graph, name, lasting: Node(name, persistable=lasting))
    weight, result = create(graph, "w", True), create(graph, "r", lasting=False)
    assert all_nodes(graph) == {weight, result}
    assert persistable(graph) == {weight}


def test_a_failed_change_forgets_the_nodes_too():
    graph = Graph(Node("x"))
    all_nodes = _remembering(Graph.list, False)
    all_nodes(graph)

    def fail(graph):
        raise ValueError

    with pytest.raises(ValueError):
        _forgetting(fail)(graph)
    all_nodes(graph)
    assert graph.listed == 2


def test_other_collections_are_searched_as_paddle_does():
    node = Node("x")
    find = _finding(lambda graph, nodes, name: ("slow", name))
    assert find(None, [node], "x") == ("slow", "x")
    assert find(None, _Nodes([node]), "x") is node
    with pytest.raises(AssertionError, match=r"Cannot find the target node \(y\)"):
        find(None, _Nodes([node]), "y")


def test_ops_come_in_the_order_of_their_creation():
    nodes = [SimpleNamespace(id=lambda number=number: number) for number in (3, 1, 2)]
    assert [node.id() for node in _in_order(reversed)(nodes)] == [1, 2, 3]
