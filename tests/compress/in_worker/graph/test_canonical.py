"""Programs are written in one order, which the flow of data allows."""

from types import SimpleNamespace

from compress.in_worker.graph.canonical import _in_order


def op(kind, reads, writes):
    slots = [SimpleNamespace(arguments=names.split()) for names in (reads, writes)]
    return SimpleNamespace(type=kind, inputs=slots[:1], outputs=slots[1:])


def names(ops):
    return [(one.type, *one.outputs[0].arguments) for one in _in_order(ops)]


def test_what_does_not_depend_on_another_is_ordered_by_name():
    feed, fetch = op("feed", "feed", "x"), op("fetch", "z", "fetch")
    a, b, c = op("relu", "x", "a"), op("relu", "x", "b"), op("add", "a b", "z")
    constant = op("fill_constant", "", "0")
    expected = [
        *(("feed", "x"), ("fill_constant", "0"), ("relu", "a"), ("relu", "b"), ("add", "z")),
        ("fetch", "fetch"),
    ]
    assert names([feed, a, b, c, constant, fetch]) == expected
    assert names([constant, feed, b, a, c, fetch]) == expected


def test_who_reads_and_who_writes_again_keep_their_order():
    first, read = op("init", "", "s"), op("use", "s", "a")
    update, late = op("update", "s", "s"), op("use", "s", "A")
    order = [("init", "s"), ("use", "a"), ("update", "s"), ("use", "A")]
    assert names([first, read, update, late]) == order


def test_inputs_keep_their_order():
    feeds = [op("feed", "feed", "scale"), op("feed", "feed", "image")]
    assert names(feeds) == [("feed", "scale"), ("feed", "image")]
